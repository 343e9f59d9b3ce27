using Tailscale2Otel.Cli;

namespace Tailscale2Otel.Hosting.Check;

/// <summary>The report for a person: a table, and under it what to do.</summary>
static class CheckReportText
{
    public static void Write(CheckReport report, TextWriter output)
    {
        var hasTailnets = report.Rows.Any(r => r.Tailnet.Length > 0);
        var table = hasTailnets ? new TextTable("TAILNET", "WHAT", "STATE", "DETAIL") : new TextTable("WHAT", "STATE", "DETAIL");
        foreach (var row in report.Rows)
        {
            string[] cells = [row.What, Name(row.Finding.State), row.Finding.Detail];
            table.Add(hasTailnets ? [TerminalText.Escape(row.Tailnet), .. cells] : cells);
        }

        table.Write(output);
        output.WriteLine();
        WriteToDo(report, output);
        output.WriteLine(report.Bad == 0
            ? "Everything that the configuration uses works."
            : $"{report.Bad} of the {report.Rows.Count(r => r.Finding.State != CheckState.NotUsed)} things that the configuration uses {(report.Bad == 1 ? "does" : "do")} not work (exit code {report.ExitCode}).");
    }

    public static string Name(CheckState state) => state switch
    {
        CheckState.Ok => "ok",
        CheckState.Missing => "missing",
        CheckState.Failed => "failed",
        CheckState.NotUsed => "not used",
        _ => "unknown",
    };

    /// <summary>One line for each thing to do, though several rows ask for it.</summary>
    static void WriteToDo(CheckReport report, TextWriter output)
    {
        var toDo = report.Rows.Where(r => r.Finding.ToDo.Length > 0).GroupBy(r => r.Finding.ToDo, StringComparer.Ordinal).ToList();
        if (toDo.Count == 0)
            return;

        output.WriteLine("What to do:");
        foreach (var rows in toDo)
            output.WriteLine($"  {string.Join(", ", rows.Select(NameOf))}: {rows.Key}");
        output.WriteLine();
    }

    static string NameOf(CheckRow row) => row.Tailnet.Length > 0 ? $"{TerminalText.Escape(row.Tailnet)} {row.What}" : row.What;
}
