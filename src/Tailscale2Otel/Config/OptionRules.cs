using System.Buffers;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Config;

/// <summary>Holds bound options against their attributes and validators, and names the place of what breaks a rule.</summary>
sealed class OptionRules(ConfigValues values, ConfigReport report)
{
    static readonly SearchValues<char> KeyCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.[]");

    /// <summary>The attributes of a section's own keys.</summary>
    public void CheckAttributes(OptionsSection section, IConfigSection instance)
    {
        foreach (var key in section.Keys.Where(k => !report.HasErrorAt(k.Name)))
        {
            var value = key.Property.GetValue(instance);
            foreach (var rule in key.Property.GetCustomAttributes<ValidationAttribute>(inherit: false))
            {
                if (!IsValid(rule, value))
                    report.Error(key.Name, values.SourceOf(key.Name), Shown(key, value), $"allowed: {AllowedText.Of(key)}");
            }
        }
    }

    /// <summary>What the validators of an options class say; their failures begin with the full key.</summary>
    public void CheckClass(OptionsClass options, IConfigSection instance)
    {
        foreach (var failure in options.Failures(instance))
            Report(options.Section, instance, failure);
    }

    /// <summary>The rules between options classes; their failures begin with the full key.</summary>
    public void CheckBetween(OptionsSchema schema, OptionsSet options)
    {
        foreach (var failure in schema.Rules.SelectMany(r => r.Failures(options)))
        {
            var owner = schema.Sections.FirstOrDefault(s => s.AllKeys.Any(k => failure.StartsWith($"{k.Name}: ", StringComparison.Ordinal)));
            if (owner is null)
                Report(failure, null);
            else
                Report(owner, options.Get(owner.Type), failure);
        }
    }

    static bool IsValid(ValidationAttribute rule, object? value)
    {
        try
        {
            return rule.IsValid(value);
        }
        catch (OverflowException)
        {
            // A range of int judges a long by converting it.
            return false;
        }
    }

    void Report(OptionsSection section, IConfigSection instance, string failure) =>
        Report(failure, name => section.AllKeys.FirstOrDefault(k => k.Name == name) is { } key ? Shown(key, ValueOf(section, instance, key)) : null);

    /// <param name="shown">The value of a key, as far as it may be seen.</param>
    void Report(string failure, Func<string, string?>? shown)
    {
        var colon = failure.IndexOf(": ", StringComparison.Ordinal);
        var name = colon > 0 && failure.AsSpan(0, colon).IndexOfAnyExcept(KeyCharacters) < 0 ? failure[..colon] : "";
        var message = name.Length == 0 ? failure : failure[(colon + 2)..];
        // The value did not bind, so that the validator judged a default.
        if (name.Length > 0 && report.HasErrorAt(name))
            return;

        report.Error(name, name.Length == 0 ? default : values.SourceOf(name), shown?.Invoke(name), Printable.WithoutCredentials(message));
    }

    static object? ValueOf(OptionsSection section, IConfigSection instance, OptionKey key) =>
        section.Keys.Contains(key)
            ? key.Property.GetValue(instance)
            : section.Sections.Where(s => s.AllKeys.Contains(key)).Select(s => ValueOf(s, s.Of(instance), key)).First();

    static string? Shown(OptionKey key, object? value) => key.Kind switch
    {
        OptionKind.Secret => ValueText.OfText(value),
        OptionKind.TextList or OptionKind.SecretList or OptionKind.TextMap or OptionKind.SecretMap or OptionKind.SectionList => null,
        _ => ValueText.OfText(value),
    };
}
