namespace Tailscale2Otel.Config;

/// <summary>Spreads the tree of a file over the known keys and reports every name that is none.</summary>
sealed class FileLayer(KnownKeys known, ConfigValues values, ConfigReport report)
{
    /// <param name="path">Path of the node; empty for the root of the file.</param>
    public void Read(ConfigNode node, string path)
    {
        foreach (var (name, value) in node.Members ?? [])
        {
            var key = OptionsSchema.Join(path, name);
            var isDotted = name.Contains('.', StringComparison.Ordinal);
            if (known.Find(key) is { } found && !isDotted)
                values.Set(found, value);
            else if (!known.IsSection(key) || isDotted)
                ReportUnknown(key, name, value);
            else if (value.Members is not null)
                Read(value, key);
            else if (!value.IsNull)
                report.Error(key, value.Source, null, $"a section with keys of its own, and not {value.Shape}");
        }
    }

    void ReportUnknown(string key, string name, ConfigNode value)
    {
        var shown = Printable.Value(key);
        if (ReferenceKeys.Removed.TryGetValue(key, out var advice))
            report.Error(shown, value.Source, null, advice);
        else if (name.Contains('.', StringComparison.Ordinal))
            report.Error(shown, value.Source, null, "unknown key; sections are nested, not joined with dots");
        else
            report.Error(shown, value.Source, null, known.Nearest(key) is { } nearest ? $"unknown key; did you mean {nearest}?" : "unknown key");
    }
}
