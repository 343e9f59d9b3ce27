namespace Tailscale2Otel.Model;

/// <summary>All options classes, filled.</summary>
sealed class OptionsSet(IReadOnlyDictionary<Type, IConfigSection> options)
{
    public T Get<T>()
        where T : class, IConfigSection => (T)Get(typeof(T));

    public IConfigSection Get(Type type) => options[type];
}
