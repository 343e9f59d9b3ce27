using System.Text;
using Tailscale2Otel.Model;
using Tailscale2Otel.Spool.Inspection;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Spool.Inspection;

/// <summary>Short forms for tests that look at a spool of the harness.</summary>
static class Looking
{
    /// <summary>A snapshot, taken and read through; fails the test when a byte or a time of the folder is another afterwards.</summary>
    public static (SpoolSnapshot Snapshot, RecordCensus Census) LookAt(this SpoolHarness house)
    {
        house.SavedAsync().GetAwaiter().GetResult();
        var before = FolderPrint.Of(house.Folder);
        var snapshot = SpoolInspector.Look(house.Folder, house.Time);
        foreach (var segment in snapshot.Segments)
            _ = snapshot.TimesOf(segment);
        var census = RecordCensus.Take(snapshot, (_, _) => { }, default);
        Assert.That(FolderPrint.Of(house.Folder), Is.EqualTo(before), "looking changes nothing");
        return (snapshot, census);
    }

    public static List<string> Payloads(this SpoolSnapshot snapshot, SpoolPosition from = default)
    {
        using var reader = snapshot.Read(from);
        List<string> found = [];
        while (reader.TryRead(out var record))
            found.Add(Encoding.UTF8.GetString(record.Payload));
        return found;
    }

    public static string[] Words(this DamageList damage) => [.. damage.Ranges.Select(r => $"{r.Reason} {r.Segment} {r.From}-{r.To}")];

    /// <summary>Three segments of three records of 20 KB.</summary>
    public static async Task<SpoolHarness> FilledAsync()
    {
        var house = new SpoolHarness();
        house.Open();
        for (var i = 0; i < 9; i++)
        {
            await house.AppendAsync($"{i}{new string('x', 20_000)}");
            house.Time.Advance(TimeSpan.FromSeconds(1));
        }

        await house.SavedAsync();
        Assert.That(house.Segments, Has.Length.EqualTo(3));
        return house;
    }
}
