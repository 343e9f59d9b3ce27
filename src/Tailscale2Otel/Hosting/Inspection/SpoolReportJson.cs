using System.Text.Json;
using Tailscale2Otel.Cli;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing;
using Tailscale2Otel.Spool;
using Tailscale2Otel.Spool.Inspection;

namespace Tailscale2Otel.Hosting.Inspection;

/// <summary>The report for a script. docs/spool-tools.md promises these fields.</summary>
static class SpoolReportJson
{
    public static string Write(SpoolReport report) => IndentedJson.Object(json =>
    {
        WriteState(json, report);
        WriteCursors(json, report);
        json.WriteNumberOrNull("oldest_undelivered_unix_nano", report.OldestUndelivered);
        if (report.OldestUndeliveredAge is { } age)
            json.WriteNumber("oldest_undelivered_age_seconds", age);
        else
            json.WriteNull("oldest_undelivered_age_seconds");
        json.WriteObjects("segments", report.Snapshot.Segments, segment => WriteSegment(json, report, segment));
        WriteDamage(json, report.Snapshot);
        json.WriteObjects("record_counts", report.Census?.Counts, count => WriteCount(json, count));
        WriteFiles(json, report.Files);
    });

    static void WriteState(Utf8JsonWriter json, SpoolReport report)
    {
        var snapshot = report.Snapshot;
        json.WriteString("directory", snapshot.Directory);
        json.WriteNumber("taken_at_unix_nano", UnixTime.Nanoseconds(snapshot.TakenAt));
        json.WriteString("daemon", NameOf(snapshot.Use));
        json.WriteNumberOrNull("process", snapshot.Process);
        json.WriteNumber("oldest", snapshot.Oldest);
        json.WriteNumber("end", snapshot.End);
        json.WriteNumber("bytes_on_disk", snapshot.BytesOnDisk);
        json.WriteNumberOrNull("records", report.Census?.Records);
    }

    static void WriteCursors(Utf8JsonWriter json, SpoolReport report)
    {
        if (report.Cursors.Count == 0)
        {
            json.WriteNull("cursors");
            return;
        }

        json.WriteStartObject("cursors");
        foreach (var (name, position, records) in report.Cursors)
        {
            json.WriteStartObject(name);
            json.WriteNumber("position", position);
            json.WriteNumber("bytes_behind", report.Snapshot.BytesFrom(position));
            json.WriteNumberOrNull("records_behind", records);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    static void WriteSegment(Utf8JsonWriter json, SpoolReport report, Segment segment)
    {
        var times = report.Snapshot.TimesOf(segment);
        json.WriteString("file", segment.Name);
        json.WriteNumber("start", segment.Start);
        json.WriteNumber("end", segment.End);
        json.WriteNumber("bytes", segment.Bytes);
        json.WriteNumberOrNull("first_received_unix_nano", times.First);
        json.WriteNumberOrNull("last_received_unix_nano", times.Last);
        json.WriteNumberOrNull("records", report.Census?.RecordsOf(segment));
    }

    static void WriteDamage(Utf8JsonWriter json, SpoolSnapshot snapshot)
    {
        json.WriteObjects("gaps", snapshot.Gaps, gap =>
        {
            json.WriteNumber("from", gap.From);
            json.WriteNumber("to", gap.To);
        });
        json.WriteObjects("damage", snapshot.Damage.Ranges, range =>
        {
            json.WriteString("reason", range.Reason);
            json.WriteString("segment", range.Segment);
            json.WriteNumber("from", range.From);
            json.WriteNumber("to", range.To);
            json.WriteString("text", range.Text);
            json.WriteNumber("bytes", range.Bytes);
        });
        json.WriteNumber("damage_unlisted", snapshot.Damage.Unlisted);
        if (snapshot.Tail is not { } tail)
        {
            json.WriteNull("unacknowledged_tail");
            return;
        }

        json.WriteStartObject("unacknowledged_tail");
        json.WriteString("segment", tail.Segment);
        json.WriteNumber("from", tail.From);
        json.WriteNumber("to", tail.To);
        json.WriteNumber("bytes", tail.Bytes);
        json.WriteEndObject();
    }

    static void WriteCount(Utf8JsonWriter json, RecordCount count)
    {
        json.WriteString("source", RecordNames.TextOf(count.Source));
        json.WriteString("signal", SpoolReport.NameOf(count.Signal));
        json.WriteString("tailnet", count.Tailnet);
        json.WriteNumber("records", count.Records);
        json.WriteNumber("bytes", count.Bytes);
    }

    static void WriteFiles(Utf8JsonWriter json, SpoolFiles files)
    {
        json.WriteObjects("dead_letter_files", files.DeadLetters, file =>
        {
            json.WriteString("name", file.Name);
            json.WriteNumber("bytes", file.Length);
        });
        WriteSum(json, "deduplication_files", files.Deduplication);
        WriteSum(json, "damage_copies", files.DamageCopies);
    }

    static void WriteSum(Utf8JsonWriter json, string name, FileSum sum)
    {
        json.WriteStartObject(name);
        json.WriteNumber("files", sum.Files);
        json.WriteNumber("bytes", sum.Bytes);
        json.WriteEndObject();
    }

    static string NameOf(SpoolUse use) => use switch
    {
        SpoolUse.Running => "running",
        SpoolUse.Closed => "closed",
        SpoolUse.NotClosed => "not_closed",
        _ => "unknown",
    };
}
