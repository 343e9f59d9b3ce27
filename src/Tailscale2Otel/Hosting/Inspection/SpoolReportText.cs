using System.Globalization;
using Tailscale2Otel.Cli;
using Tailscale2Otel.Config;
using Tailscale2Otel.Processing;
using Tailscale2Otel.Spool;
using Tailscale2Otel.Spool.Inspection;

namespace Tailscale2Otel.Hosting.Inspection;

/// <summary>The report for a person, in 100 columns.</summary>
sealed class SpoolReportText(SpoolReport report, TextWriter output)
{
    /// <summary>Rows of segments at each end when there are many.</summary>
    const int RowsAtEnds = 8;

    readonly SpoolSnapshot _snapshot = report.Snapshot;

    public void Write(bool allSegments)
    {
        WriteSummary();
        WriteCursors();
        WriteSegments(allSegments);
        WriteRecords();
        WriteFiles();
        WriteDamage();
    }

    void WriteSummary()
    {
        output.WriteLine($"spool       {_snapshot.Directory}");
        output.WriteLine($"daemon      {Use()}");
        output.WriteLine($"segments    {_snapshot.Segments.Count}, {SizeText.Both(_snapshot.BytesOnDisk)}, positions {_snapshot.Oldest} to {_snapshot.End}");
        if (report.Census is { } census)
            output.WriteLine($"records     {SizeText.Exact(census.Records)}");
        if (report.Cursors.Count > 0)
            output.WriteLine($"undelivered {Undelivered()}");
        output.WriteLine($"damage      {(_snapshot.Damage.IsEmpty ? report.Census is null ? "none in headers and lengths; 'spool verify' reads every record" : "none" : "see below")}");
    }

    string Use() => _snapshot.Use switch
    {
        SpoolUse.Running => $"running, process {_snapshot.Process}",
        SpoolUse.Closed => "not running; it closed the spool in order",
        SpoolUse.NotClosed => "not seen to run, and the spool was not closed: it was killed, or runs in another container",
        _ => "not known: this system does not tell, and the spool was not closed",
    };

    string Undelivered()
    {
        var bytes = _snapshot.BytesFrom(_snapshot.Cursors!.Value.Delivered);
        if (bytes == 0)
            return "nothing";

        var age = report.OldestUndeliveredAge is { } seconds
            ? $"oldest received {SpoolReport.TimeText(report.OldestUndelivered)}Z, {GoDuration.Format(TimeSpan.FromSeconds(Math.Round(seconds)))} ago"
            : "the age of the oldest is hidden by damage";
        return $"{SizeText.Both(bytes)}, {age}";
    }

    void WriteCursors()
    {
        if (report.Cursors.Count == 0)
            return;

        output.WriteLine();
        var table = report.Census is null
            ? new TextTable("cursor", ">position", ">bytes behind it", ">")
            : new TextTable("cursor", ">position", ">bytes behind it", ">", ">records behind it");
        foreach (var (name, position, records) in report.Cursors)
        {
            var bytes = _snapshot.BytesFrom(position);
            string[] cells = [name, $"{position}", SizeText.Exact(bytes), SizeText.Rounded(bytes)];
            table.Add(records is { } count ? [.. cells, SizeText.Exact(count)] : cells);
        }

        table.Write(output);
    }

    void WriteSegments(bool all)
    {
        if (_snapshot.Segments.Count == 0)
            return;

        output.WriteLine();
        var table = report.Census is null
            ? new TextTable(">segment from", ">to", ">bytes", ">", "first received, UTC", "last after")
            : new TextTable(">segment from", ">to", ">bytes", ">", "first received, UTC", "last after", ">records");
        var skipped = all ? 0 : _snapshot.Segments.Count - (2 * RowsAtEnds);
        for (var i = 0; i < _snapshot.Segments.Count; i++)
        {
            if (i == RowsAtEnds && skipped > 1)
            {
                table.Add("...");
                i += skipped;
            }

            table.Add(Row(_snapshot.Segments[i]));
        }

        table.Write(output);
        if (skipped > 1)
            output.WriteLine($"({skipped} segments between them are left out; --all-segments prints them)");
        foreach (var gap in _snapshot.Gaps)
            output.WriteLine($"positions {gap.From} to {gap.To} were never used: a stop of the daemon was not in order");
    }

    string[] Row(Segment segment)
    {
        var times = _snapshot.TimesOf(segment);
        var span = times is { First: { } first, Last: { } last } ? GoDuration.Format(TimeSpan.FromSeconds(Math.Round((last - first) / 1e9))) : "?";
        string[] cells = [$"{segment.Start}", $"{segment.End}", SizeText.Exact(segment.Bytes), SizeText.Rounded(segment.Bytes), SpoolReport.TimeText(times.First), span];
        return report.Census is { } census ? [.. cells, SizeText.Exact(census.RecordsOf(segment))] : cells;
    }

    void WriteRecords()
    {
        if (report.Census is not { Records: > 0 } census)
            return;

        output.WriteLine();
        var table = new TextTable("source", "signal", ">records", ">bytes", ">", "tailnet");
        foreach (var count in census.Counts)
        {
            table.Add(
                RecordNames.TextOf(count.Source), SpoolReport.NameOf(count.Signal), SizeText.Exact(count.Records), SizeText.Exact(count.Bytes), SizeText.Rounded(count.Bytes), TerminalText.Escape(count.Tailnet));
        }

        table.Write(output);
    }

    void WriteFiles()
    {
        output.WriteLine();
        foreach (var file in report.Files.DeadLetters)
            output.WriteLine($"{file.Name,-22}  {SizeText.Both(file.Length)}");
        output.WriteLine($"{"deduplication keys",-22}  {Sum(report.Files.Deduplication)}");
        if (report.Files.DamageCopies.Files > 0)
            output.WriteLine($"{"copies of damage",-22}  {Sum(report.Files.DamageCopies)}");
    }

    static string Sum(FileSum sum) => string.Create(CultureInfo.InvariantCulture, $"{sum.Files} files, {SizeText.Both(sum.Bytes)}");

    void WriteDamage()
    {
        if (!_snapshot.Damage.IsEmpty)
        {
            output.WriteLine();
            output.WriteLine("Damage:");
            DamageText.Write(_snapshot.Damage, output);
        }

        if (_snapshot.Tail is { } tail)
        {
            output.WriteLine();
            output.WriteLine(DamageText.Tail(_snapshot, tail));
        }

        if (report.Census is not null && _snapshot.Damage.SweptBytes > 0)
            output.WriteLine($"{SizeText.Both(_snapshot.Damage.SweptBytes)} were deleted by retention before they could be counted.");
    }
}
