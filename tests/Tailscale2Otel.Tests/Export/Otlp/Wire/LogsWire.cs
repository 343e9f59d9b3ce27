using System.Diagnostics.Metrics;
using System.Text;

using OpenTelemetry.Proto.Collector.Logs.V1;
using OpenTelemetry.Proto.Logs.V1;
using Tailscale2Otel.Export;
using Tailscale2Otel.Export.Otlp;
using Tailscale2Otel.Export.Otlp.Wire;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tests.Export.Otlp.Wire;

/// <summary>Writes with the code under test and reads with protoc's.</summary>
static class LogsWire
{
    public static readonly Utf8Name Event = new("tailscale.test");

    public static readonly LogHeader Header = new(new SpoolPosition(7), Event, LogSeverity.Info, 1_785_153_600_000_000_000, 1_785_153_601_000_000_000);

    public static readonly LogEnvelope Envelope = new([new("service.name", "t"), new("process.pid", 42L)], "tailscale2otel", "1.2.3");

    public static LogsWriter Writer(OtlpLimitsOptions? limits = null) =>
        new(limits ?? new OtlpLimitsOptions(), new ExportMetrics(new Meter("test")), 64);

    public static LogRecord One(Action<LogsWriter> write, OtlpLimitsOptions? limits = null)
    {
        using var writer = Writer(limits);
        writer.Begin(Header);
        write(writer);
        writer.End();
        return Decode(writer).Single();
    }

    public static IReadOnlyList<LogRecord> Decode(LogsWriter writer, int first = 0, int? count = null)
    {
        var request = Request(writer, first, count ?? writer.Count - first);
        return [.. request.ResourceLogs.Single().ScopeLogs.Single().LogRecords];
    }

    public static ExportLogsServiceRequest Request(LogsWriter writer, int first, int count)
    {
        var records = count == 0 ? default : writer.Records(first, count);
        byte[] bytes = [.. Envelope.Head(records.Length), .. records.Span];
        return ExportLogsServiceRequest.Parser.ParseFrom(bytes);
    }

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

}
