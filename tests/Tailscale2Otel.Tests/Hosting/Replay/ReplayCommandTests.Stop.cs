using System.Globalization;
using System.Text.RegularExpressions;
using Tailscale2Otel.Cli;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Hosting.Replay;

sealed partial class ReplayCommandTests
{
    /// <summary>One at a time, so that the backend's order is that of the spool.</summary>
    static readonly (string, string)[] SmallBatches =
    [
        ("DELIVERY__MAX_BATCH_RECORDS", "10"), ("DELIVERY__MAX_IN_FLIGHT", "1"), ("SHUTDOWN__DELIVERY_GRACE", "100ms"),
    ];

    [Test]
    public async Task Waits_for_a_backend_as_the_daemon_does()
    {
        await using var house = new ReplayHouse();
        await using var backend = await OtlpReceiver.StartAsync();
        backend.Answer(OtlpAnswer.Status(503), OtlpAnswer.Reset, OtlpAnswer.Status(429), OtlpAnswer.Status(401));
        await house.FlowsAsync(5);
        await house.DeliverAsync();

        var (code, _, _) = await house.RunAsync(house.Arguments(backend.HttpEndpoint, ("OTLP__RETRY__INITIAL_INTERVAL", "1ms"), ("OTLP__RETRY__MAX_INTERVAL", "10ms")));

        Assert.That(code, Is.EqualTo(ExitCode.Ok));
        Assert.That(Starts(backend), Is.EqualTo(Enumerable.Range(0, 5)));
    }

    [Test]
    public async Task Stopped_it_says_where_to_go_on_and_the_rest_follows_from_there()
    {
        await using var house = new ReplayHouse();
        await using var backend = await OtlpReceiver.StartAsync();
        await house.FlowsAsync(100);
        await house.DeliverAsync();
        var to = house.Spool.Spool.Cursors.Delivered;
        var taken = 0;
        backend.Decide = _ => Interlocked.Increment(ref taken) <= 3 ? OtlpAnswer.Ok : OtlpAnswer.Hang;
        using var stop = new CancellationTokenSource();
        var from = new DateTimeOffset(2026, 7, 27, 11, 0, 0, TimeSpan.Zero);
        var arguments = house.Arguments(backend.HttpEndpoint, SmallBatches) with { From = [ReplayBound.At(from)] };

        var running = house.RunAsync(arguments, stop.Token);
        await backend.WaitForRequestsAsync(4, TimeSpan.FromMinutes(1));
        await stop.CancelAsync();
        var (code, output, error) = await running;

        Assert.That(code, Is.EqualTo(ExitCode.Failed));
        Assert.That(output, Does.Contain("matched"));
        var words = Regex.Match(error, @"stopped at position (\d+); to go on, run the same again with --from @(\d+) --from 2026-07-27T11:00:00Z --to @(\d+)\n$");
        Assert.That(words.Success, error);
        Assert.That(words.Groups[3].Value, Is.EqualTo(to.ToString()));
        var settled = long.Parse(words.Groups[2].Value, CultureInfo.InvariantCulture);
        Assert.That(house.Spool.Frames()[30].Position.Value, Is.EqualTo(settled), "three batches were answered");

        // What the daemon delivers meanwhile is not part of it.
        await house.FlowsAsync(5);
        await house.DeliverAsync();
        backend.Decide = _ => OtlpAnswer.Ok;
        Assert.That(ReplayBound.TryParse($"@{settled}", TimeProvider.System, out var goOn));
        Assert.That(ReplayBound.TryParse($"@{to}", TimeProvider.System, out var until));
        (code, _, error) = await house.RunAsync(arguments with { From = [goOn, ReplayBound.At(from)], To = [until] });

        Assert.That((code, error), Is.EqualTo((ExitCode.Ok, "")));
        Assert.That(Starts(backend), Is.EquivalentTo(Enumerable.Range(0, 100)), "all of it, nothing twice");
    }

    [Test]
    public async Task Stopped_before_anything_was_sent_it_goes_on_from_the_beginning()
    {
        await using var house = new ReplayHouse();
        await using var backend = await OtlpReceiver.StartAsync();
        await house.FlowsAsync(3);
        await house.DeliverAsync();

        var (code, _, error) = await house.RunAsync(house.Arguments(backend.HttpEndpoint), new CancellationToken(canceled: true));

        Assert.That(code, Is.EqualTo(ExitCode.Failed));
        Assert.That(error, Is.EqualTo($"stopped at position 0; to go on, run the same again with --from @0 --to @{house.Spool.Spool.Cursors.Delivered}\n"));
        Assert.That(backend.Requests, Is.Empty);
    }

    [Test]
    public async Task A_dry_run_that_is_stopped_says_so()
    {
        await using var house = new ReplayHouse();
        await house.FlowsAsync(1);
        await house.DeliverAsync();

        var result = await house.RunAsync(house.Arguments(new Uri("http://127.0.0.1:9")) with { DryRun = true }, new CancellationToken(canceled: true));

        Assert.That(result, Is.EqualTo((ExitCode.Failed, "", "stopped before all of it was read\n")));
    }

    [Test]
    public async Task A_rate_makes_batches_of_a_second_at_most()
    {
        await using var house = new ReplayHouse();
        await using var backend = await OtlpReceiver.StartAsync();
        await house.FlowsAsync(120);
        await house.DeliverAsync();

        var (code, _, _) = await house.RunAsync(house.Arguments(backend.HttpEndpoint) with { Rate = 50 });

        Assert.That(code, Is.EqualTo(ExitCode.Ok));
        Assert.That(backend.Requests.Select(r => r.LogRecords.Count), Is.EquivalentTo(new[] { 50, 50, 20 }));
    }
}
