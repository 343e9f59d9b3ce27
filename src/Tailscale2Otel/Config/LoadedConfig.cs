using Tailscale2Otel.Model;

namespace Tailscale2Otel.Config;

/// <summary>The configuration in force, or everything that is wrong with it.</summary>
sealed class LoadedConfig(IReadOnlyDictionary<Type, IConfigSection> options, IReadOnlyList<ConfigValue> values, ConfigReport report)
{
    public bool IsValid => Errors.Count == 0;

    public IReadOnlyList<ConfigProblem> Errors { get; } = report.Errors;

    public IReadOnlyList<ConfigProblem> Warnings { get; } = report.Warnings;

    /// <summary>Every key that has an effect, in the order of the options classes.</summary>
    public IReadOnlyList<ConfigValue> Values { get; } = values;

    /// <summary>One instance of every options class.</summary>
    public IEnumerable<IConfigSection> Options => options.Values;

    /// <summary>The options class, filled; what an error was reported for holds its default.</summary>
    public T Get<T>()
        where T : class, IConfigSection => (T)options[typeof(T)];
}
