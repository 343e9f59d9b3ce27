using System.Globalization;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Config;

/// <summary>Turns what was written for a key into the value its property takes, or reports why it cannot.</summary>
sealed class ValueReader(ConfigReport report)
{
    /// <summary>False: the report has the reason and the default stands.</summary>
    public bool TryRead(OptionKey key, ConfigNode node, out object? value)
    {
        value = null;
        return key.Kind switch
        {
            OptionKind.TextList => TryReadList(key, node, static text => text, out value),
            OptionKind.SecretList => TryReadList(key, node, static text => new Secret(text), out value),
            OptionKind.TextMap => TryReadMap(key, node, static text => text, out value),
            OptionKind.SecretMap => TryReadMap(key, node, static text => new Secret(text), out value),
            _ => TryReadScalar(key, node, out value),
        };
    }

    bool TryReadScalar(OptionKey key, ConfigNode node, out object? value)
    {
        value = null;
        if (node.Text is null)
        {
            report.Error(key.Name, node.Source, null, $"must be a single value and not {node.Shape}; allowed: {AllowedText.Of(key)}");
            return false;
        }

        if (node.Text.Length == 0 && key.IsNullable && key.Type != typeof(string))
            return true;
        if (TryParse(key, node, node.Text, out value))
            return true;

        report.Error(key.Name, node.Source, key.IsSecret ? ValueText.Redacted : node.Text, $"allowed: {AllowedText.Of(key)}");
        return false;
    }

    static bool TryParse(OptionKey key, ConfigNode node, string text, out object? value)
    {
        value = key.Kind switch
        {
            OptionKind.Text => text,
            OptionKind.Secret => new Secret(text),
            OptionKind.Path => text.Contains('\0', StringComparison.Ordinal) ? null : ConfigPaths.Resolve(text, node.Source),
            OptionKind.Flag => Flag(text),
            OptionKind.Integer => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? Fit(key, whole) : null,
            OptionKind.Bytes => ByteSize.TryParse(text, out var bytes) ? Fit(key, bytes) : null,
            OptionKind.Number => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null,
            OptionKind.Duration => GoDuration.TryParse(text, out var span) ? span : null,
            OptionKind.Choice => Choice(key.Type, text),
            _ => null,
        };
        return value is not null;
    }

    static object? Flag(string text) => text.ToUpperInvariant() switch
    {
        "TRUE" or "YES" or "ON" or "T" or "1" => true,
        "FALSE" or "NO" or "OFF" or "F" or "0" => false,
        _ => null,
    };

    static object? Fit(OptionKey key, long number) =>
        key.Type == typeof(long) || number is >= int.MinValue and <= int.MaxValue ? Convert.ChangeType(number, key.Type, CultureInfo.InvariantCulture) : null;

    static object? Choice(Type type, string text)
    {
        var name = Array.Find(Enum.GetNames(type), n => OptionsSchema.SnakeCase(n) == text);
        return name is null ? null : Enum.Parse(type, name);
    }

    bool TryReadList<T>(OptionKey key, ConfigNode node, Func<string, T> convert, out object? value)
    {
        value = null;
        if (node.Items is null && !(node.Text is not null && key.Kind == OptionKind.SecretList))
        {
            report.Error(key.Name, node.Source, key.IsSecret ? null : node.Text, $"must be a list and not {node.Shape}");
            return false;
        }

        // One secret may be written without brackets; an empty one is none.
        var items = node.Items ?? (node.Text!.Length == 0 ? [] : [node]);
        var broken = items.Where(i => i.Text is null).ToList();
        foreach (var item in broken)
            report.Error(key.Name, item.Source, null, item.IsNull ? "an entry of the list is empty" : $"an entry of the list must be a single value and not {item.Shape}");

        value = items.Where(i => i.Text is not null).Select(i => convert(i.Text!)).ToList();
        return broken.Count == 0;
    }

    bool TryReadMap<T>(OptionKey key, ConfigNode node, Func<string, T> convert, out object? value)
    {
        value = null;
        if (node.Members is null)
        {
            report.Error(key.Name, node.Source, key.IsSecret ? null : node.Text, $"must be a map of names to values and not {node.Shape}");
            return false;
        }

        var broken = node.Members.Where(m => m.Value.Text is null).ToList();
        foreach (var (name, member) in broken)
            report.Error(key.Name, member.Source, null, $"the entry {Printable.Value(name)} {(member.IsNull ? "is empty; write \"\" for an empty text" : $"must be a single value and not {member.Shape}")}");

        var map = new Dictionary<string, T>(key.IsHeaders ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        foreach (var (name, member) in node.Members)
        {
            if (member.Text is not null && !map.TryAdd(name, convert(member.Text)))
            {
                report.Error(key.Name, member.Source, null, $"the header {Printable.Value(name)} is here twice; header names have no case");
                return false;
            }
        }

        value = map;
        return broken.Count == 0;
    }
}
