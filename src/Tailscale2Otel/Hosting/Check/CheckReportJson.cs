using System.Text.Encodings.Web;
using System.Text.Json;
using Tailscale2Otel.Diagnostics;

namespace Tailscale2Otel.Hosting.Check;

/// <summary>The report for a program. Members may be added; a change of what is there is a new <c>schema_version</c>.</summary>
static class CheckReportJson
{
    const int SchemaVersion = 1;

    static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        NewLine = "\n",
    };

    public static string Write(CheckReport report) => JsonSerializer.Serialize(
        new
        {
            SchemaVersion,
            ProductInfo.Version,
            Ok = report.ExitCode == Cli.ExitCode.Ok,
            report.ExitCode,
            Checks = report.Rows.Select(r => new
            {
                r.Id,
                Tailnet = r.Tailnet.Length > 0 ? r.Tailnet : null,
                r.What,
                State = CheckReportText.Name(r.Finding.State).Replace(' ', '_'),
                r.Finding.Detail,
                ToDo = r.Finding.ToDo.Length > 0 ? r.Finding.ToDo : null,
            }),
        },
        Format);
}
