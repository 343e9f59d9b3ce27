namespace Tailscale2Otel.Model;

/// <summary>All options classes, filled.</summary>
sealed class OptionsSet(IReadOnlyDictionary<Type, object> options)
{
    public T Get<T>()
        where T : class => (T)Get(typeof(T));

    public object Get(Type type) => options[type];
}
