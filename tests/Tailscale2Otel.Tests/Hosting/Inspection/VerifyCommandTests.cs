using Tailscale2Otel.Cli;
using Tailscale2Otel.Hosting.Inspection;
using Tailscale2Otel.Tests.Spool;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Hosting.Inspection;

public sealed class VerifyCommandTests
{
    static readonly string Record = new('x', 20_000);

    [Test]
    public async Task A_sound_spool_ends_with_0_beside_the_daemon_and_without_it()
    {
        await using var house = await SpoolAsync();
        await using var left = house.Crash();

        foreach (var folder in new[] { house.Folder, left.Folder })
            Assert.That(Run(folder), Is.EqualTo((ExitCode.Ok, $"{folder}: 2 segments, 97.9 KiB (100,275 bytes), 5 sound records: sound\n", "")));
    }

    [Test]
    public async Task Every_damaged_place_is_printed_and_the_end_is_1()
    {
        await using var house = await SpoolAsync();
        await using var left = house.Crash();
        SpoolHarness.Flip(left.Segments[0], SpoolHarness.HeaderBytes + 100);
        SpoolHarness.Flip(left.Segments[1], SpoolHarness.HeaderBytes + 100);

        var (code, output, _) = Run(left.Folder);

        Assert.That(code, Is.EqualTo(ExitCode.Failed));
        Assert.That(output, Is.EqualTo($"""
            segment                   from     to   bytes  reason
            0000000000000000000.seg      0  20039  20,039  frame
            0000000000000060117.seg  60117  80156  20,039  frame

            frame: bytes that are no record, or one that does not match its checksum
            {left.Folder}: 2 segments, 97.9 KiB (100,275 bytes), 3 sound records: 2 damaged places

            """.ReplaceLineEndings("\n")));
    }

    [Test]
    public async Task A_tail_that_a_kill_cut_short_is_explained_and_is_no_damage()
    {
        await using var house = await SpoolAsync();
        await using var left = house.Crash();
        await File.AppendAllTextAsync(left.LastSegment, "half a frame");

        var (code, output, _) = Run(left.Folder);

        Assert.That(code, Is.EqualTo(ExitCode.Ok));
        Assert.That(output, Does.StartWith("0000000000000060117.seg has 12 bytes from position 100195 on that are no whole append: one that was cut short"));
        Assert.That(output, Does.Contain("No sender was told that it is kept").And.Contain("5 sound records: sound"));
    }

    [Test]
    public async Task A_truncated_cursor_file_is_damage()
    {
        await using var house = await SpoolAsync();
        await using var left = house.Crash();
        SpoolHarness.Cut(Path.Combine(left.Folder, "cursors"), 10);

        var (code, output, _) = Run(left.Folder);

        Assert.That(code, Is.EqualTo(ExitCode.Failed));
        Assert.That(output, Does.Contain("cursors: the file is damaged; a daemon that starts delivers everything again"));
    }

    [Test]
    public async Task What_cannot_be_read_or_is_stopped_ends_with_2()
    {
        using var folder = new TemporaryFolder();
        Assert.That(Run(folder.Path), Is.EqualTo((ExitCode.Usage, "", $"tailscale2otel: There is no spool in {folder.Path}\n")));

        await using var house = new SpoolHarness();
        house.Open();
        await house.AppendAsync([.. Enumerable.Range(0, 5_000).Select(i => $"{i}")]);
        await house.SavedAsync();
        Assert.That(Run(house.Folder, new CancellationToken(canceled: true)), Is.EqualTo((ExitCode.Usage, "", "tailscale2otel: stopped before all of it was read\n")));
    }

    static async Task<SpoolHarness> SpoolAsync()
    {
        var house = new SpoolHarness();
        house.Open();
        for (var i = 0; i < 5; i++)
        {
            using var batch = new Tailscale2Otel.Spool.SpoolAppend();
            batch.Add(Model.RecordSource.Stream, Model.RecordSignal.Flow, "example", house.Now, default, System.Text.Encoding.UTF8.GetBytes(Record));
            await house.Spool.AppendAsync(batch, default);
        }

        await house.SavedAsync();
        return house;
    }

    static (int Code, string Output, string Error) Run(string folder, CancellationToken cancellation = default)
    {
        var before = FolderPrint.Of(folder);
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var code = VerifyCommand.Run(new VerifyArguments { Directory = folder }, output, error, cancellation);
        Assert.That(FolderPrint.Of(folder), Is.EqualTo(before));
        return (code, output.ToString(), error.ToString());
    }
}
