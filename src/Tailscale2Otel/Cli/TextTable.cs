namespace Tailscale2Otel.Cli;

/// <summary>Rows in aligned columns, two blanks apart.</summary>
/// <param name="columns">Their headings; one that begins with <c>&gt;</c> is aligned to the right.</param>
sealed class TextTable(params string[] columns)
{
    const char ToTheRight = '>';

    readonly List<string[]> _rows = [[.. columns.Select(c => c.TrimStart(ToTheRight))]];

    public void Add(params string[] cells) => _rows.Add(cells);

    public void Write(TextWriter output)
    {
        var widths = columns.Select((_, i) => _rows.Where(r => i < r.Length).Max(r => r[i].Length)).ToArray();
        foreach (var row in _rows)
        {
            var cells = row.Select((cell, i) => columns[i][0] == ToTheRight ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]));
            output.WriteLine(string.Join("  ", cells).TrimEnd());
        }
    }
}
