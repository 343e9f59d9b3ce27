using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Tailscale2Otel.Model;
using Tailscale2Otel.Spool;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Spool;

public sealed partial class DiskSpoolTests
{
    /// <summary>Each number is one step: append so many records of such sizes, or crash with the last file cut at a byte behind what was answered.</summary>
    [Test]
    public void Whatever_was_answered_as_durable_is_read_after_any_crashes()
    {
        var property = Prop.ForAll(ArbMap.Default.ArbFor<NonEmptyArray<PositiveInt>>(), steps =>
        {
            RunAsync(steps.Get.Select(s => s.Get).ToArray()).GetAwaiter().GetResult();
            return true;
        });
        Check.One(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(30).WithEndSize(60), property);
    }

    static async Task RunAsync(int[] steps)
    {
        var house = new SpoolHarness();
        house.Options.MaxBytes = 256 * 1024 * 1024;
        try
        {
            house.Open();
            List<string> durable = [];
            HashSet<SpoolPosition> seen = [];
            var number = 0;
            foreach (var step in steps)
            {
                if (step % 4 != 0)
                {
                    var payloads = Enumerable.Range(0, 1 + (step % 5)).Select(i => $"{number++}:{new string('p', step * 397 % 30_000)}").ToArray();
                    Assert.That((await house.AppendAsync(payloads)).Outcome, Is.EqualTo(AppendOutcome.Durable));
                    durable.AddRange(payloads);
                    continue;
                }

                var end = house.Spool.End.Value;
                foreach (var frame in house.Frames())
                    seen.Add(frame.Position);
                await house.Spool.Cursors.DeliverAsync(house.Spool.End, default);
                var left = house.Crash();
                if (left.Segments.Length > 0)
                    TearTail(left.LastSegment, step);
                await house.DisposeAsync();
                (house = left).Open();
                Assert.That(house.Spool.End.Value, Is.EqualTo(end));
            }

            Assert.That(house.ReadAll(), Is.EqualTo(durable));
            Assert.That(house.Frames().Select(f => f.Position), Is.Unique.And.Ordered);
        }
        finally
        {
            await house.DisposeAsync();
        }
    }

    /// <summary>An append that a crash interrupted: some of a frame's bytes, some rubbish, or nothing.</summary>
    static void TearTail(string file, int step)
    {
        var random = new Random(step);
        var tail = new byte[random.Next(200)];
        random.NextBytes(tail);
        if (random.Next(2) == 0)
        {
            var bytes = File.ReadAllBytes(file);
            var length = Math.Min(bytes.Length - 40, random.Next(400));
            tail = [.. bytes.AsSpan(40, length), .. tail];
        }

        using var stream = new FileStream(file, FileMode.Append);
        stream.Write(tail);
    }

    [Test]
    public async Task Loses_nothing_it_answered_when_the_process_is_killed()
    {
        await using var house = new SpoolHarness();
        house.Options.MaxBytes = 256 * 1024 * 1024;
        for (var round = 0; round < 2; round++)
        {
            var answered = await RunChildAndKillAsync(house.Folder);

            house.Open();
            var read = house.ReadAll().Select(r => int.Parse(r.Split(' ')[0], CultureInfo.InvariantCulture)).ToArray();
            Assert.That(read, Is.EqualTo(Enumerable.Range(0, read.Length)), "no gap and no repeat");
            Assert.That(read, Has.Length.GreaterThan(answered));
            await house.Spool.DisposeAsync();
        }
    }

    /// <summary>The last number that the child printed in a whole line.</summary>
    static async Task<int> RunChildAndKillAsync(string folder)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var child = SpoolChild.Start(folder);
        try
        {
            for (var i = 0; i < 40; i++)
                Assert.That(await child.StandardOutput.ReadLineAsync(patience.Token), Is.Not.Null, "the child ended by itself");
        }
        finally
        {
            child.Kill();
        }

        var printed = await child.StandardOutput.ReadToEndAsync(patience.Token);
        await child.WaitForExitAsync(patience.Token);
        var lines = printed.Split('\n');
        return lines.Length > 1 ? int.Parse(lines[^2], CultureInfo.InvariantCulture) : 119;
    }

    [Test]
    public async Task A_file_system_that_really_runs_full_is_answered_and_mends()
    {
        await using var house = new SpoolHarness();
        await using var disk = await SmallDisk.MountAsync(house.Folder, "512k");
        house.Open();
        var taken = 0;
        AppendResult result;
        while ((result = await house.AppendAsync($"{taken} {new string('x', 10_000)}")).Outcome == AppendOutcome.Durable)
            Assert.That(++taken, Is.LessThan(60));
        Assert.That(result.Outcome, Is.EqualTo(AppendOutcome.Full));
        Assert.That(house.Spool.State.Outcome, Is.EqualTo(AppendOutcome.Full));
        Assert.That(house.ReadAll(), Has.Count.EqualTo(taken));

        await house.MoveAllAsync(house.Spool.End);
        house.Time.Advance(TimeSpan.FromDays(2));
        Assert.That((await house.AppendAsync("after")).Outcome, Is.EqualTo(AppendOutcome.Durable));
        Assert.That(house.Spool.State.IsOpen);
        await house.Spool.DisposeAsync();
    }
}
