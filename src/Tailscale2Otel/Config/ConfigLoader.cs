using Tailscale2Otel.Model;

namespace Tailscale2Otel.Config;

/// <summary>
/// Reads the layers, weakest to strongest: defaults, the standard <c>OTEL_*</c> variables, the file, <c>TS2OTEL_*</c>
/// variables. Every problem of all of them is found in one go; nothing here throws for what an operator wrote.
/// </summary>
sealed class ConfigLoader(OptionsSchema schema)
{
    /// <param name="file">Null or empty: no file, which is allowed.</param>
    public LoadedConfig Load(string? file, IReadOnlyDictionary<string, string> environment)
    {
        var report = new ConfigReport();
        var values = new ConfigValues();
        var known = new KnownKeys(schema.Keys.Values, ReferenceKeys.All.Where(k => !k.IsOfItems));
        if (!string.IsNullOrEmpty(file) && ConfigFile.Read(file, report, out var isOpen) is { } root)
        {
            new FileLayer(known, values, report).Read(root, "");
            if (isOpen && MayHoldSecrets(values))
                report.Warn("", new ConfigSource(ConfigLayer.File, file), "readable by others than its owner, and it may hold secrets: chmod 600, or keep the secrets in files of their own (*_file)");
        }

        new VariableLayer(known, values, report).Read(environment);
        new StandardVariables(known, values, report).Read(environment);
        new SecretFiles(values, report).Read(schema.Keys.Values);

        var options = schema.Classes.ToDictionary(c => c.Section.Type, c => new OptionsBinder(values, report).Bind(c.Section, c.New()));
        foreach (var kind in schema.Classes)
            new OptionRules(values, report).CheckClass(kind, options[kind.Section.Type]);
        new OptionRules(values, report).CheckBetween(schema, new OptionsSet(options));

        WarnOfUnbuilt(values, report);
        var inForce = schema.Sections.SelectMany(s => InForce(s, options[s.Type], values)).DistinctBy(v => v.Key).ToList();
        return new LoadedConfig(options, inForce, report);
    }

    /// <summary>Of the file alone. What is in the sections of a list, or in keys that nothing reads, is not looked at: it may.</summary>
    bool MayHoldSecrets(ConfigValues values) => values.Unbuilt.Count > 0 || schema.Keys.Values
        .Where(k => k.IsSecret || k.Kind == OptionKind.SectionList)
        .Any(k => values.Find(k.Name) is { IsNull: false, Text: not "", Items: not [] });

    static void WarnOfUnbuilt(ConfigValues values, ConfigReport report)
    {
        var waiting = values.Unbuilt.Where(k => k.NoEffect is null).Select(k => k.Name).ToList();
        if (waiting.Count > 0)
            report.Warn("", default, $"accepted, not built yet: {string.Join(", ", waiting)}");
        foreach (var group in values.Unbuilt.Where(k => k.NoEffect is not null).GroupBy(k => k.NoEffect!))
            report.Warn("", default, $"accepted, without effect: {string.Join(", ", group.Select(k => k.Name))} ({group.Key})");
    }

    static IEnumerable<ConfigValue> InForce(OptionsSection section, IConfigSection instance, ConfigValues values)
    {
        foreach (var key in section.Keys)
        {
            yield return new ConfigValue(key.Name, key.Kind, key.Property.GetValue(instance), values.SourceOf(key.Name).ToString());
            if (key.FileName is { } file)
                yield return new ConfigValue(file, OptionKind.Path, values.Text(file) ?? "", values.SourceOf(file).ToString());
        }

        foreach (var value in section.Sections.SelectMany(s => InForce(s, s.Of(instance), values)))
            yield return value;
    }
}
