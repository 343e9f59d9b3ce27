namespace Tailscale2Otel.Model;

/// <summary>All options classes, filled.</summary>
/// <param name="written">The text of a key, see <see cref="Written"/>.</param>
sealed class OptionsSet(IReadOnlyDictionary<Type, object> options, Func<string, string?> written)
{
    public T Get<T>()
        where T : class => (T)Get(typeof(T));

    public object Get(Type type) => options[type];

    /// <summary>A single value as it was written, by its full key, also of a key that no options class reads yet; null where nobody wrote it.</summary>
    public string? Written(string key) => written(key);
}
