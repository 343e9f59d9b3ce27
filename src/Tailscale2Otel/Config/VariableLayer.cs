namespace Tailscale2Otel.Config;

/// <summary>The <c>TS2OTEL_*</c> variables, the strongest layer.</summary>
sealed class VariableLayer(KnownKeys known, ConfigValues values, ConfigReport report)
{
    public void Read(IReadOnlyDictionary<string, string> environment)
    {
        foreach (var (name, text) in environment.OrderBy(v => v.Key, StringComparer.Ordinal))
        {
            if (name.StartsWith(VariableName.Prefix, StringComparison.Ordinal) && name != VariableName.ConfigFile)
                Read(name, text);
        }
    }

    /// <summary>Comma separated and trimmed; nothing between two commas is nothing.</summary>
    public static IEnumerable<string> Split(string text) =>
        text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    void Read(string variable, string text)
    {
        var source = new ConfigSource(ConfigLayer.Variable, variable);
        var name = VariableName.ToKey(variable);
        if (known.Find(name) is { } key)
            Read(key, text, source);
        else if (known.FindOwner(name) is { } owner)
            ReadMember(owner, name[(owner.Name.Length + 1)..], text, source);
        else
            ReportUnknown(name, source);
    }

    void Read(KnownKey key, string text, ConfigSource source)
    {
        switch (key.Shape)
        {
            case KeyShape.Value:
                values.Set(key, ConfigNode.Scalar(text, source));
                break;
            case KeyShape.List:
                values.Set(key, ConfigNode.List([.. Split(text).Select(t => ConfigNode.Scalar(t, source))], source));
                break;
            case KeyShape.Map:
                report.Error(key.Name, source, null, $"a map, which one variable cannot hold: set {source.Name}__NAME for each entry, or the map in the file");
                break;
            default:
                ReportSections(key, source);
                break;
        }
    }

    void ReadMember(KnownKey owner, string member, string text, ConfigSource source)
    {
        if (owner.Shape == KeyShape.Sections)
        {
            ReportSections(owner, source);
            return;
        }

        var name = owner.Option is { IsHeaders: true } ? member.Replace('_', '-') : member;
        values.Set(owner, ConfigNode.Map([new(name, ConfigNode.Scalar(text, source))], source));
    }

    void ReportSections(KnownKey key, ConfigSource source) =>
        report.Error(key.Name, source, null, "a list of objects, which no variable can hold: set it in the file");

    void ReportUnknown(string name, ConfigSource source)
    {
        // The name only: what it holds may be a secret under a mistyped name.
        var nearest = ReferenceKeys.Removed.TryGetValue(name, out var advice) ? null : known.Nearest(name);
        var hint = advice is not null ? $"; {advice}" : nearest is null ? "" : known.IsSection(nearest)
            ? $"; {VariableName.Of(nearest)}__… is the nearest there is"
            : $"; did you mean {VariableName.Of(nearest)}?";
        report.Warn("", source, $"no such variable, it is ignored{hint}");
    }
}
