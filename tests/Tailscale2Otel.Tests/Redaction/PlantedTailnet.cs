using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing;
using Tailscale2Otel.Redaction;
using Tailscale2Otel.Spool.DeadLetters;
using Tailscale2Otel.Tests.Export.Otlp.Wire;
using Tailscale2Otel.Tests.Processing;
using Tailscale2Otel.Tests.Support;
using static Tailscale2Otel.Redaction.PiiCategories;

namespace Tailscale2Otel.Tests.Redaction;

/// <summary>Records of every kind that hold values of every category which occur nowhere else.</summary>
sealed class PlantedTailnet(int seed)
{
    readonly uint _seed = (uint)seed;

    public string Tailnet => $"tnet{_seed:x}.example";

    /// <summary>What must not be seen when the category is off.</summary>
    public IReadOnlyList<string> ValuesOf(PiiCategories category) => category switch
    {
        Emails => [Email, OtherEmail],
        UserDisplayNames => [FullName],
        UserIds => [UserId],
        Hostnames => [Host, OtherHost],
        NodeIds => [NodeId, OtherNodeId],
        TailscaleIps => [TailscaleV4, TailscaleV6],
        InternalIps => [InternalV4, InternalV6],
        ExternalIps => [ExternalV4, ExternalV6],
        ServiceAddrs => [],
        EndpointPaths => [Path],
        NetworkTopology => [Route],
        TailnetName => [Tailnet],
        FreeTextDetails => [Note],
        CommandText => [Command],
        _ => throw new ArgumentOutOfRangeException(nameof(category)),
    };

    string Email => $"mail{_seed:x}@example.com";
    string OtherEmail => $"other{_seed:x}@example.org";
    string FullName => $"Ada X{_seed:x}";
    string UserId => $"u{_seed:x}uidCNTRL";
    string Host => $"box{_seed:x}";
    string OtherHost => $"peer{_seed:x}.example.net";
    string NodeId => $"n{_seed:x}aaCNTRL";
    string OtherNodeId => $"n{_seed:x}bbCNTRL";
    string TailscaleV4 => $"100.{64 + _seed % 64}.{_seed / 64 % 200 + 20}.{_seed % 97 + 101}";
    string TailscaleV6 => $"fd7a:115c:a1e0::{_seed % 60_000 + 1:x}";
    string InternalV4 => $"10.{_seed % 89 + 110}.{_seed / 89 % 200 + 30}.{_seed % 101 + 110}";
    string InternalV6 => $"fd00::{_seed % 60_000 + 1:x}";
    string ExternalV4 => $"203.0.113.{_seed % 101 + 110}";
    string ExternalV6 => $"2001:db8::{_seed % 60_000 + 1:x}";
    string Path => $"console/p{_seed:x}";
    string Route => $"route{_seed:x}";
    string Note => $"note{_seed:x}";
    string Command => $"sh-{_seed:x}";

    public (RecordSignal Signal, string Metadata, string Payload)[] Records =>
    [
        (RecordSignal.Flow, $$$"""{"time":1785153600,"host":"{{{Host}}}"}""",
            $$$"""{"nodeId":"{{{NodeId}}}","start":"2026-07-27T12:00:00Z","end":"2026-07-27T12:00:05Z","srcNode":{"nodeId":"{{{NodeId}}}","name":"{{{Host}}}","addresses":["{{{TailscaleV4}}}","{{{TailscaleV6}}}"],"user":"{{{Email}}}"},"dstNodes":[{"nodeId":"{{{OtherNodeId}}}","name":"{{{OtherHost}}}","addresses":["{{{InternalV4}}}"],"user":"{{{OtherEmail}}}","tags":["tag:web"]}],"virtualTraffic":[{"proto":6,"src":"{{{TailscaleV4}}}:443","dst":"{{{InternalV4}}}:53","txBytes":7,"rxBytes":9},{"proto":17,"src":"[{{{TailscaleV6}}}]:1","dst":"[{{{InternalV6}}}]:2","txBytes":1}],"exitTraffic":[{"proto":6,"src":"{{{TailscaleV4}}}:1","dst":"{{{ExternalV4}}}:2","txBytes":5},{"proto":6,"src":"[{{{TailscaleV6}}}]:1","dst":"[{{{ExternalV6}}}]:2","txBytes":5}]}"""),
        (RecordSignal.Audit, "", $$$"""{"eventTime":"2026-07-27T12:00:01Z","eventGroupID":"1","origin":"ADMIN_CONSOLE","action":"UPDATE","actor":{"id":"{{{UserId}}}","type":"USER","loginName":"{{{Email}}}","displayName":"{{{FullName}}}"},"target":{"id":"{{{NodeId}}}","name":"{{{Host}}}","type":"NODE","property":"ALLOWED_IPS"},"old":["{{{TailscaleV4}}}/32","{{{Note}}} of {{{FullName}}}"],"new":{"hostname":"{{{OtherHost}}}","note":"{{{Note}}} {{{ExternalV6}}}"},"actionDetails":"{{{Note}}}: {{{Email}}} at {{{InternalV4}}}","error":"{{{Note}}} {{{UserId}}} {{{NodeId}}}"}"""),
        (RecordSignal.Audit, "", $$$"""{"eventTime":"2026-07-27T12:00:02Z","action":"CREATE","actor":{"type":"NODE","id":"{{{OtherNodeId}}}","displayName":"{{{OtherHost}}}"},"target":{"id":"{{{UserId}}}","name":"{{{OtherEmail}}}","type":"USER"}}"""),
        (RecordSignal.Audit, "", $$$"""{"eventTime":"2026-07-27T12:00:03Z","action":"UPDATE","actor":{"id":"{{{UserId}}}","type":"USER"},"target":{"id":"{{{Tailnet}}}","name":"{{{Tailnet}}}","type":"TAILNET","property":"ACL"},"old":"{{{Note}}}","new":"// {{{Note}}}"}"""),
        (RecordSignal.Audit, "", $$$"""{"eventTime":"2026-07-27T12:00:04Z","type":"{{{Note}}} {{{Email}}}","eventGroupID":"{{{Note}}} {{{UserId}}}","origin":"{{{Note}}} {{{ExternalV4}}}","action":"{{{Note}}} {{{OtherEmail}}}","actor":{"id":"{{{UserId}}}","type":"{{{Note}}} {{{Email}}}"},"target":{"id":"{{{NodeId}}}","type":"{{{Note}}} {{{NodeId}}}"}}"""),
        (RecordSignal.Webhook, "", $$$"""{"timestamp":"2026-07-27T12:00:02Z","version":1,"type":"{{{Note}}} {{{Email}}} on {{{TailscaleV4}}}","message":"odd"}"""),
        (RecordSignal.Webhook, """{"t":1785153600}""", $$$"""{"timestamp":"2026-07-27T12:00:00Z","version":1,"type":"nodeCreated","tailnet":"{{{Tailnet}}}","message":"{{{Host}}} ({{{NodeId}}}) is new in {{{Tailnet}}}, says {{{Email}}}","data":{"nodeID":"{{{NodeId}}}","deviceName":"{{{Host}}}","managedBy":"{{{Email}}}","actor":"{{{OtherEmail}}}","url":"https://login.tailscale.com/{{{Path}}}/{{{TailscaleV4}}}"}}"""),
        (RecordSignal.Webhook, "", $$$"""{"timestamp":"2026-07-27T12:00:01Z","version":2,"type":"nodeAuthorized","message":"{{{OtherHost}}} was let in by {{{FullName}}}","data":{"deviceName":"{{{OtherHost}}}","displayName":"{{{FullName}}}","userID":"{{{UserId}}}"}}"""),
        (RecordSignal.StreamEvent, $$$"""{"time":1785153600,"host":"{{{Host}}}","source":"{{{Note}}}","fields":{"peer":"{{{InternalV6}}}","user":"{{{Email}}}","remark":"{{{Note}}} by {{{OtherEmail}}}","n":5}}""",
            $$$"""{"hostname":"{{{OtherHost}}}","text":"{{{Note}}} from {{{Host}}} {{{ExternalV4}}}","command":"{{{Command}}}","advertisedRoutes":["{{{Route}}}"],"url":"/{{{Path}}}","deep":[{"displayName":"{{{FullName}}}","id":"{{{UserId}}}"}],"tailnet":"{{{Tailnet}}}"}"""),
        (RecordSignal.RawLine, "", $"{Note} {ExternalV6} {TailscaleV4} {Email}"),
    ];

    /// <summary>Every byte that leaves, and the attributes of every series.</summary>
    public (byte[] Logs, IReadOnlyList<string> Decoded, IReadOnlyList<string> Series, string Letters) Send(PiiFilterOptions? filter)
    {
        var redactor = filter is null ? null : new Redactor(filter);
        using var readings = new MeterReadings();
        var meter = readings.Meter;
        var dispatcher = EveryProcessor.Behind(redactor, meter);

        using var folder = new TemporaryFolder();
        using var logs = LogsWire.Writer();
        using (var letters = new DeadLetters(new DeadLetterOptions(), folder.Path, new ManualTime(), meter, NullLogger.Instance, redactor))
        {
            var position = 0L;
            foreach (var (signal, metadata, payload) in Records)
            {
                var record = new RawRecord
                {
                    Position = new SpoolPosition(position),
                    Next = new SpoolPosition(position += 1000),
                    Source = RecordSource.Stream,
                    Signal = signal,
                    Tailnet = Tailnet,
                    ReceivedAt = 1_785_153_630_000_000_000,
                    Metadata = Encoding.UTF8.GetBytes(metadata),
                    Payload = Encoding.UTF8.GetBytes(payload),
                };
                Assert.That(dispatcher.Process(record, logs, RecordPass.Deliver | RecordPass.Count).Outcome, Is.EqualTo(ProcessOutcome.Mapped));
                Assert.That(letters.TryWrite(record, "refused_by_backend", 400, $"no {Note}, {Email} on {TailscaleV4}"));
            }
        }

        dispatcher.Freeze();
        var series = SeriesOf(readings);
        return (logs.Records(0, logs.Count).ToArray(), [.. LogsWire.Decode(logs).Select(r => r.ToString())], series, File.ReadAllText(folder.File(DeadLetters.FileName)));
    }

    static List<string> SeriesOf(MeterReadings readings) =>
    [
        .. ((string[])[
            "tailscale.network.io", "tailscale.network.packets", "tailscale.network.io.rollup", "tailscale.network.packets.rollup", "tailscale.exit_node.io",
            "tailscale.exit_node.packets", "tailscale.network.unique.dst_peers", "tailscale.network.unique.dst_ports", "tailscale.network.flows",
        ]).SelectMany(name => readings.Observe(name).Select(s => $"{name} {s.Key} = {s.Value}")),
    ];
}
