using System.Text.Json;
using Tailscale2Otel.Cli;
using Tailscale2Otel.Diagnostics;

namespace Tailscale2Otel.Hosting.Check;

/// <summary>The report for a program. Members may be added; a change of what is there is a new <c>schema_version</c>.</summary>
static class CheckReportJson
{
    const int SchemaVersion = 1;

    public static string Write(CheckReport report) => IndentedJson.Object(json =>
    {
        json.WriteNumber("schema_version", SchemaVersion);
        json.WriteString("version", ProductInfo.Version);
        json.WriteBoolean("ok", report.ExitCode == ExitCode.Ok);
        json.WriteNumber("exit_code", report.ExitCode);
        json.WriteObjects("checks", report.Rows, row => WriteRow(json, row));
    });

    static void WriteRow(Utf8JsonWriter json, CheckRow row)
    {
        json.WriteString("id", row.Id);
        json.WriteString("tailnet", row.Tailnet.Length > 0 ? row.Tailnet : null);
        json.WriteString("what", row.What);
        json.WriteString("state", CheckReportText.Name(row.Finding.State).Replace(' ', '_'));
        json.WriteString("detail", row.Finding.Detail);
        json.WriteString("to_do", row.Finding.ToDo.Length > 0 ? row.Finding.ToDo : null);
    }
}
