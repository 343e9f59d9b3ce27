using System.Text;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing.Webhook;
using Tailscale2Otel.Tests.Processing.Audit;
using Tailscale2Otel.Tests.Processing.Flow;

namespace Tailscale2Otel.Tests.Architecture;

/// <summary>A record as it lies in the spool. All of them together have every member that the daemon reads.</summary>
sealed record LogEventSample(RecordSource Source, RecordSignal Signal, byte[] Metadata, byte[] Payload)
{
    const string Envelope = """
        {"time":1785153607.551,"host":"web-1","source":"app","sourcetype":"_json","index":"main",
         "fields":{"a.string":"a","a.boolean":true,"an.int":1,"a.double":0.5,"an.array":["a"],"a.map":{"a":1}}}
        """;

    /// <summary>A type that nobody has documented, and one that is not fit to be a name.</summary>
    static readonly string[] Undocumented = ["somethingNew", "something else"];

    public static IReadOnlyList<LogEventSample> All { get; } =
    [
        .. FlowFixtures.Api.Select(payload => Of(RecordSource.Poll, RecordSignal.Flow, payload)),
        .. AuditFixtures.Poll().Select(record => new LogEventSample(RecordSource.Poll, RecordSignal.Audit, record.Metadata, record.Payload)),
        .. WebhookTypes.Documented.Select(type => type.Name).Concat(Undocumented).Select(type => Of(RecordSource.Webhook, RecordSignal.Webhook, Webhook(type))),
        .. ((string[])["\"text\"", "true", "1", "0.5", "[1]", """{"a":1}"""]).Select(payload => Of(RecordSource.Stream, RecordSignal.StreamEvent, payload, Envelope)),
        Of(RecordSource.Stream, RecordSignal.RawLine, "a line", Envelope),
    ];

    static LogEventSample Of(RecordSource source, RecordSignal signal, string payload, string metadata = "") =>
        new(source, signal, Encoding.UTF8.GetBytes(metadata), Encoding.UTF8.GetBytes(payload));

    /// <summary>With everything that any type has, whatever this one may say of it; of a subject of its own, so that no two tell one change.</summary>
    static string Webhook(string type) => $$$"""
        {"timestamp":"2026-07-27T12:00:00Z","version":1,"type":"{{{type}}}","tailnet":"example.com","message":"{{{type}}} happened","data":{
         "nodeID":"n-{{{type}}}","deviceName":"web-1","managedBy":"ada@example.com","actor":"ada@example.com","url":"https://example.com/",
         "expiration":"2026-07-28T12:00:00Z","user":"{{{type}}}@example.com","oldRoles":["Member"],"newRoles":["Admin"],"oldPolicy":"{}","newPolicy":"{{{type}}}"}}
        """;
}
