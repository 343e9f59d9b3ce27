using System.Reflection;
using Microsoft.Extensions.Options;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Config;

/// <summary>An options class: its keys, how it is made, and what judges it beyond the attributes of its properties.</summary>
/// <param name="Failures">What is broken in an instance, each beginning with the full key.</param>
/// <param name="Validators">The types of what judges it.</param>
sealed record OptionsClass(OptionsSection Section, Func<IConfigSection> New, Func<IConfigSection, IEnumerable<string>> Failures, IReadOnlyList<Type> Validators)
{
    public static OptionsClass Of<T>(params IReadOnlyList<IValidateOptions<T>> validators)
        where T : class, IConfigSection, new() =>
        new(
            OptionsSchema.Describe(new T(), typeof(T).GetCustomAttribute<ConfigSectionAttribute>(inherit: false)!.Path),
            static () => new T(),
            options => validators.SelectMany(v => v.Validate(Options.DefaultName, (T)options).Failures ?? []),
            [.. validators.Select(v => v.GetType())]);
}
