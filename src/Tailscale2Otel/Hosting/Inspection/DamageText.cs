using Tailscale2Otel.Cli;
using Tailscale2Otel.Spool;
using Tailscale2Otel.Spool.Inspection;

namespace Tailscale2Otel.Hosting.Inspection;

/// <summary>Damage in words.</summary>
static class DamageText
{
    public static void Write(DamageList damage, TextWriter output)
    {
        var table = new TextTable("segment", ">from", ">to", ">bytes", "reason");
        foreach (var range in damage.Ranges)
        {
            table.Add(
                range.Segment,
                range.Bytes > 0 ? $"{range.From}" : "",
                range.Bytes > 0 ? $"{range.To}" : "",
                range.Bytes > 0 ? SizeText.Exact(range.Bytes) : "",
                range.Reason);
        }

        table.Write(output);
        if (damage.Unlisted > 0)
            output.WriteLine($"and {SizeText.Exact(damage.Unlisted)} more places");
        output.WriteLine();
        foreach (var reason in damage.Ranges.Select(r => r.Reason).Distinct())
            output.WriteLine($"{reason}: {Meaning(reason)}");
        foreach (var text in damage.Ranges.Where(r => r.Reason == SpoolDamage.Cursors).Select(r => r.Text))
            output.WriteLine($"cursors: {text}");
    }

    public static string Tail(SpoolSnapshot snapshot, DamagedRange tail) =>
        $"{tail.Segment} has {SizeText.Exact(tail.Bytes)} bytes from position {tail.From} on that are no whole append: "
        + (snapshot.Use switch
        {
            SpoolUse.Running => "one that is being written now.",
            SpoolUse.Closed => "something was written there after the daemon closed the spool; its next start cuts it off.",
            _ => "one that was cut short when the daemon was killed; its next start cuts it off.",
        })
        + " No sender was told that it is kept, so that this is no damage.";

    static string Meaning(string reason) => reason switch
    {
        SpoolDamage.Frame => "bytes that are no record, or one that does not match its checksum",
        SpoolDamage.Missing => "acknowledged records that are not in the directory",
        SpoolDamage.Unreadable => "the disk does not give these bytes",
        SpoolDamage.SegmentHeaderLost => "the first 40 bytes of the file are damaged; its records can be read all the same",
        SpoolDamage.EmptySegment => "the file is too short to hold anything",
        _ => "how far delivery was is not known",
    };
}
