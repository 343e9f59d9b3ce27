using System.Text.Json;
using Tailscale2Otel.Cli;
using Tailscale2Otel.Hosting.Inspection;
using Tailscale2Otel.Model;
using Tailscale2Otel.Spool;
using Tailscale2Otel.Tests.Spool;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Hosting.Inspection;

public sealed class InspectCommandTests
{
    [Test]
    public async Task Prints_what_an_operator_asks_for_in_100_columns()
    {
        await using var house = await SpoolAsync();
        await File.WriteAllTextAsync(Path.Combine(house.Folder, "dead-letters.ndjson"), new string('x', 2_500));

        var (code, output, error) = Run(house.Folder);

        Assert.That((code, error), Is.EqualTo((ExitCode.Ok, "")));
        var lines = output.Split('\n');
        Assert.That(lines, Has.All.Matches<string>(l => l.Length <= 100));
        Assert.That(lines[..5], Is.EqualTo(new[]
        {
            $"spool       {house.Folder}",
            $"daemon      running, process {Environment.ProcessId}",
            "segments    2, 98.4 KiB (100,746 bytes), positions 0 to 100666",
            "undelivered 39.2 KiB (40,112 bytes), oldest received 2026-07-27 12:00:03Z, " + Age(output) + " ago",
            "damage      none in headers and lengths; 'spool verify' reads every record",
        }));
        Assert.That(lines, Does.Contain("cursor     position  bytes behind it"));
        Assert.That(lines, Does.Contain("delivered     60554           40,112  39.2 KiB"));
        Assert.That(lines, Does.Contain("keyed             0          100,666  98.3 KiB"));
        Assert.That(lines, Does.Contain("           0   60554  60,554  59.1 KiB  2026-07-27 12:00:00  2s"));
        Assert.That(lines, Does.Contain("dead-letters.ndjson     2.4 KiB (2,500 bytes)"));
    }

    [Test]
    public async Task Counts_records_by_source_signal_and_tailnet_when_asked()
    {
        await using var house = await SpoolAsync();

        var (_, output, _) = Run(house.Folder, records: true);

        var lines = output.Split('\n');
        Assert.That(lines, Has.All.Matches<string>(l => l.Length <= 100));
        Assert.That(lines, Does.Contain("records     6"));
        Assert.That(lines, Does.Contain("damage      none"));
        Assert.That(lines, Does.Contain("delivered     60554           40,112  39.2 KiB                  2"));
        Assert.That(lines, Does.Contain("       60554  100666  40,112  39.2 KiB  2026-07-27 12:00:03  1s                2"));
        Assert.That(lines, Does.Contain("source   signal  records    bytes            tailnet"));
        Assert.That(lines, Does.Contain("stream   flow          5  100,280  97.9 KiB  example.com"));
        Assert.That(lines, Does.Contain("webhook  raw           1      386     386 B  other.example"));
    }

    [Test]
    public async Task The_fields_for_scripts_are_those_of_the_document()
    {
        await using var house = await SpoolAsync();
        await File.WriteAllTextAsync(Path.Combine(house.Folder, "dead-letters.ndjson"), "{}\n");
        await File.WriteAllTextAsync(Path.Combine(house.Folder, "dead-letters.ndjson.1"), "{}\n{}\n");
        var (code, output, _) = Run(house.Folder, json: true, records: true);
        Assert.That(code, Is.Zero);
        using var report = JsonDocument.Parse(output);
        var root = report.RootElement;

        Assert.That(root.GetProperty("directory").GetString(), Is.EqualTo(house.Folder));
        Assert.That(root.GetProperty("daemon").GetString(), Is.EqualTo("running"));
        Assert.That(root.GetProperty("process").GetInt32(), Is.EqualTo(Environment.ProcessId));
        Assert.That((root.GetProperty("oldest").GetInt64(), root.GetProperty("end").GetInt64(), root.GetProperty("records").GetInt64()), Is.EqualTo((0, 100_666, 6)));
        var delivered = root.GetProperty("cursors").GetProperty("delivered");
        Assert.That(delivered.ToString().ReplaceLineEndings("").Replace(" ", "", StringComparison.Ordinal), Is.EqualTo("""{"position":60554,"bytes_behind":40112,"records_behind":2}"""));
        Assert.That(root.GetProperty("oldest_undelivered_unix_nano").GetInt64(), Is.EqualTo(house.Now - 2_000_000_000));
        var segment = root.GetProperty("segments")[1];
        Assert.That((segment.GetProperty("start").GetInt64(), segment.GetProperty("end").GetInt64(), segment.GetProperty("records").GetInt64()), Is.EqualTo((60_554, 100_666, 2)));
        Assert.That(segment.GetProperty("file").GetString(), Is.EqualTo("0000000000000060554.seg"));
        var count = root.GetProperty("record_counts")[1];
        Assert.That((count.GetProperty("source").GetString(), count.GetProperty("signal").GetString(), count.GetProperty("tailnet").GetString(), count.GetProperty("records").GetInt64()),
            Is.EqualTo(("webhook", "raw", "other.example", 1)));
        Assert.That(root.GetProperty("dead_letter_files").EnumerateArray().Select(f => (f.GetProperty("name").GetString(), f.GetProperty("bytes").GetInt64())),
            Is.EquivalentTo(new[] { ("dead-letters.ndjson", 3L), ("dead-letters.ndjson.1", 6L) }));

        var documented = await File.ReadAllTextAsync(Path.Combine(Architecture.SourceTree.Root, "docs", "spool-tools.md"));
        foreach (var name in Names(root).Distinct())
            Assert.That(documented, Does.Contain($"`{name}`"), "docs/spool-tools.md names every field");
    }

    [Test]
    public async Task Damage_has_its_extent_in_both_forms_and_is_no_failure_of_looking()
    {
        await using var house = await SpoolAsync();
        await using var left = house.Crash();
        SpoolHarness.Flip(left.Segments[0], SpoolHarness.HeaderBytes + 20_100);

        Assert.That(Run(left.Folder).Output, Does.Contain("none in headers and lengths"), "the short form does not read records");
        var (code, output, _) = Run(left.Folder, records: true);
        Assert.That(code, Is.EqualTo(ExitCode.Ok));
        Assert.That(output, Does.Contain("damage      see below"));
        Assert.That(output, Does.Contain("0000000000000000000.seg  20056  40112  20,056  frame"));
        using var report = JsonDocument.Parse(Run(left.Folder, json: true, records: true).Output);
        var damage = report.RootElement.GetProperty("damage")[0];
        Assert.That((damage.GetProperty("reason").GetString(), damage.GetProperty("from").GetInt64(), damage.GetProperty("to").GetInt64()), Is.EqualTo(("frame", 20_056, 40_112)));
    }

    [Test]
    public async Task Many_segments_are_shortened_unless_all_are_asked_for()
    {
        await using var house = new SpoolHarness();
        house.Options.MaxBytes = 64 * 1024 * 1024;
        house.Open();
        for (var i = 0; i < 30; i++)
            await house.AppendAsync(new string('x', 60_000));
        await house.Spool.Cursors.DeliverAsync(house.Spool.End, default);

        Assert.That(Run(house.Folder).Output, Does.Contain("(14 segments between them are left out; --all-segments prints them)"));
        Assert.That(Rows(Run(house.Folder).Output), Is.EqualTo(16));
        Assert.That(Rows(Run(house.Folder, all: true).Output), Is.EqualTo(30));

        static int Rows(string output) => output.Split('\n').Count(l => l.Contains("58.6 KiB  2026", StringComparison.Ordinal));
    }

    [Test]
    public void A_directory_that_is_none_ends_with_2()
    {
        using var folder = new TemporaryFolder();
        Assert.That(Run(folder.Path), Is.EqualTo((ExitCode.Usage, "", $"tailscale2otel: There is no spool in {folder.Path}\n")));
    }

    /// <summary>Two segments: five records by stream, and one small one by webhook of another tailnet in between.</summary>
    static async Task<SpoolHarness> SpoolAsync()
    {
        var house = new SpoolHarness();
        house.Open();
        for (var i = 0; i < 5; i++)
        {
            await house.AppendAsync($"{i}{new string('x', 20_000)}");
            house.Time.Advance(TimeSpan.FromSeconds(1));
            if (i != 2)
                continue;

            using var batch = new SpoolAppend();
            batch.Add(RecordSource.Webhook, RecordSignal.RawLine, "other.example", house.Now - 1_000_000_000, default, new byte[341]);
            await house.Spool.AppendAsync(batch, default);
        }

        await house.Spool.Cursors.DeliverAsync(new SpoolPosition(60_554), default);
        return house;
    }

    static (int Code, string Output, string Error) Run(string folder, bool json = false, bool records = false, bool all = false)
    {
        var before = FolderPrint.Of(folder);
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var code = InspectCommand.Run(new InspectArguments { Directory = folder, Json = json, Records = records, AllSegments = all }, output, error, default);
        Assert.That(FolderPrint.Of(folder), Is.EqualTo(before));
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>The harness has a clock of its own, the command has the system's.</summary>
    static string Age(string output)
    {
        var line = output.Split('\n').Single(l => l.StartsWith("undelivered", StringComparison.Ordinal));
        return line[(line.LastIndexOf(", ", StringComparison.Ordinal) + 2)..^" ago".Length];
    }

    static IEnumerable<string> Names(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(p => Names(p.Value).Prepend(p.Name)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Names),
        _ => [],
    };
}
