using System.Globalization;
using System.Text;

namespace Tailscale2Otel.Config;

/// <summary>Writes the reference of all keys as Markdown, from the options classes themselves.</summary>
sealed class ConfigDocs(OptionsSchema schema, XmlSummaries summaries)
{
    const string Introduction = """
        # Configuration

        This page is generated: `tailscale2otel docs configuration > docs/configuration.md`.
        A commented file with every key is [config.example.yaml](../config.example.yaml).

        Values come from four layers, each stronger than the one before:

        1. the defaults below,
        2. the standard `OTEL_*` variables, listed at the end,
        3. the YAML file (`--config FILE`, or the variable `TS2OTEL_CONFIG`),
        4. `TS2OTEL_*` variables.

        No file is needed. `tailscale2otel validate` reports every problem at once, and `tailscale2otel config` prints the
        values in force, each with its origin.

        - A variable is `TS2OTEL_` and the key in capitals, each dot a double underscore. Lists are separated by commas; an
          entry of a map is a variable of its own (`TS2OTEL_OTLP__HEADERS__X_SCOPE_ORGID=1` sets the header `x-scope-orgid`).
          Lists of objects can only be written in the file.
        - A secret can be read from a file: the key with `_file` behind it names the file, which is read once at the start and
          trimmed. Setting both is an error.
        - A relative path in the file is relative to that file, in a variable to the working directory.
        - Durations are written as `500ms`, `60s`, `5m` or `1h30m`; sizes as bytes or as `64MiB`.
        - An unknown key in the file stops the start, an unknown `TS2OTEL_*` variable is a warning; both name the nearest key.

        """;

    public string Write()
    {
        var page = new StringBuilder(Introduction.ReplaceLineEndings("\n"));
        foreach (var group in schema.Sections.GroupBy(s => s.Path))
            WriteGroup(page, group.Key, [.. group]);
        WriteStandardVariables(page);
        WriteUnbuilt(page);
        return page.ToString();
    }

    void WriteGroup(StringBuilder page, string path, List<OptionsSection> sections)
    {
        page.Append("\n## ").Append(path.Length == 0 ? "Process" : $"`{path}`").Append("\n\n");
        foreach (var summary in sections.Select(s => summaries.Of(s.Type)).Where(s => s.Length > 0))
            page.Append(summary).Append("\n\n");

        page.Append("| Key | Variable | Type | Default | Allowed | Meaning |\n| --- | --- | --- | --- | --- | --- |\n");
        foreach (var key in sections.SelectMany(s => s.AllKeys).DistinctBy(k => k.Name))
            WriteKey(page, key);
    }

    void WriteKey(StringBuilder page, OptionKey key)
    {
        var name = $"`{key.Name}`" + (key.FileName is { } file ? $", `{file}`" : "");
        var variable = key.Kind == OptionKind.SectionList ? "file only" : $"`{VariableName.Of(key.Name)}{(key.IsMap ? "__NAME" : "")}`";
        Row(page, name, variable, AllowedText.TypeName(key), Default(key), AllowedText.Limits(key), summaries.Of(key.Property));
        if (key.Kind != OptionKind.SectionList)
            return;

        var item = OptionsSchema.Describe(key.Items!.NewItem(), $"{key.Name}[]");
        foreach (var part in item.AllKeys)
            Row(page, $"`{part.Name}`" + (part.FileName is { } partFile ? $", `{partFile}`" : ""), "file only", AllowedText.TypeName(part), Default(part), AllowedText.Limits(part), summaries.Of(part.Property));
    }

    static string Default(OptionKey key) => key.Kind switch
    {
        OptionKind.TextList or OptionKind.SecretList or OptionKind.SectionList or OptionKind.TextMap or OptionKind.SecretMap =>
            $"`{EffectiveConfig.Yaml(key.Kind, key.Default)}`",
        OptionKind.Bytes when key.Default is not null => $"`{ByteSize.Format(Convert.ToInt64(key.Default, CultureInfo.InvariantCulture))}`",
        _ => key.Default is null or "" ? "" : $"`{ValueText.OfText(key.Default)}`",
    };

    static void Row(StringBuilder page, params ReadOnlySpan<string> cells)
    {
        page.Append('|');
        foreach (var cell in cells)
            page.Append(' ').Append(cell.Replace("|", "\\|", StringComparison.Ordinal)).Append(" |");
        page.Append('\n');
    }

    static void WriteStandardVariables(StringBuilder page)
    {
        page.Append("""

            ## Standard variables

            Read as the OpenTelemetry specification describes them; an empty one is unset. A variable for one signal gives way to
            the key that the file or a `TS2OTEL_*` variable sets for both.

            | Variable | Key |
            | --- | --- |

            """.ReplaceLineEndings("\n"));
        foreach (var (variable, key) in StandardVariables.Documented)
            Row(page, $"`{variable}`", $"`{key}`");
    }

    void WriteUnbuilt(StringBuilder page)
    {
        var waiting = ReferenceKeys.All.Where(k => !schema.Keys.ContainsKey(k.Name) && !IsSecretFile(k.Name)).ToList();
        page.Append("\n## Accepted, without effect\n\nConfigurations of the Go project may name these; the start warns of them.\n\n");
        foreach (var group in waiting.Where(k => k.NoEffect is not null).GroupBy(k => k.NoEffect!))
            page.Append("- ").AppendJoin(", ", group.Select(k => $"`{k.Name}`")).Append(": ").Append(group.Key).Append(".\n");
        page.Append("\n## Accepted, not built yet\n\n");
        foreach (var group in waiting.Where(k => k.NoEffect is null).GroupBy(k => k.Name.Split('.')[0]))
            page.Append("- ").AppendJoin(", ", group.Select(k => $"`{k.Name}`")).Append('\n');
    }

    bool IsSecretFile(string name) => schema.Keys.Values.Any(k => k.FileName == name);
}
