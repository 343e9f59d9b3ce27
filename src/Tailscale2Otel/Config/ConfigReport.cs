namespace Tailscale2Otel.Config;

/// <summary>Everything found while the configuration was read; nothing found stops the search.</summary>
sealed class ConfigReport
{
    readonly List<ConfigProblem> _errors = [];
    readonly List<ConfigProblem> _warnings = [];

    public IReadOnlyList<ConfigProblem> Errors => _errors;

    public IReadOnlyList<ConfigProblem> Warnings => _warnings;

    public void Error(string key, ConfigSource source, string? value, string message) => Add(_errors, key, source, value, message);

    public void Warn(string key, ConfigSource source, string message) => Add(_warnings, key, source, null, message);

    public bool HasErrorAt(string key) => _errors.Exists(e => e.Key == key);

    static void Add(List<ConfigProblem> list, string key, ConfigSource source, string? value, string message)
    {
        var problem = new ConfigProblem(key, source.ToString(), value is null ? null : Printable.Value(value), message);
        // A key that two options classes read is wrong once.
        if (!list.Contains(problem))
            list.Add(problem);
    }
}
