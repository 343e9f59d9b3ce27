using System.Text.Json;
using System.Text.Json.Serialization;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing;
using Tailscale2Otel.Spool;
using Tailscale2Otel.Spool.Inspection;

namespace Tailscale2Otel.Hosting.Inspection;

/// <summary>The report for a script. docs/spool-tools.md promises these fields.</summary>
static class SpoolReportJson
{
    static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        NewLine = "\n",
    };

    public static string Write(SpoolReport report)
    {
        var snapshot = report.Snapshot;
        return JsonSerializer.Serialize(
            new
            {
                snapshot.Directory,
                TakenAtUnixNano = UnixTime.Nanoseconds(snapshot.TakenAt),
                Daemon = NameOf(snapshot.Use),
                snapshot.Process,
                snapshot.Oldest,
                snapshot.End,
                snapshot.BytesOnDisk,
                report.Census?.Records,
                Cursors = report.Cursors.Count == 0 ? null : report.Cursors.ToDictionary(
                    c => c.Name, c => new { c.Position, BytesBehind = snapshot.BytesFrom(c.Position), RecordsBehind = c.Records }),
                OldestUndeliveredUnixNano = report.OldestUndelivered,
                OldestUndeliveredAgeSeconds = report.OldestUndeliveredAge,
                Segments = snapshot.Segments.Select(s => SegmentOf(report, s)),
                snapshot.Gaps,
                Damage = snapshot.Damage.Ranges,
                DamageUnlisted = snapshot.Damage.Unlisted,
                UnacknowledgedTail = snapshot.Tail is { } tail ? new { tail.Segment, tail.From, tail.To, tail.Bytes } : null,
                RecordCounts = report.Census?.Counts.Select(c => new
                {
                    Source = RecordNames.TextOf(c.Source),
                    Signal = SpoolReport.NameOf(c.Signal),
                    c.Tailnet,
                    c.Records,
                    c.Bytes,
                }),
                DeadLetterFiles = report.Files.DeadLetters.Select(f => new { f.Name, Bytes = f.Length }),
                DeduplicationFiles = report.Files.Deduplication,
                report.Files.DamageCopies,
            },
            Format);
    }

    static object SegmentOf(SpoolReport report, Segment segment)
    {
        var times = report.Snapshot.TimesOf(segment);
        return new
        {
            File = segment.Name,
            segment.Start,
            segment.End,
            segment.Bytes,
            FirstReceivedUnixNano = times.First,
            LastReceivedUnixNano = times.Last,
            Records = report.Census?.RecordsOf(segment),
        };
    }

    static string NameOf(SpoolUse use) => use switch
    {
        SpoolUse.Running => "running",
        SpoolUse.Closed => "closed",
        SpoolUse.NotClosed => "not_closed",
        _ => "unknown",
    };
}
