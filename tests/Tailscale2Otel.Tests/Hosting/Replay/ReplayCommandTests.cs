using System.Net;
using System.Net.Sockets;
using OpenTelemetry.Proto.Logs.V1;
using Tailscale2Otel.Cli;
using Tailscale2Otel.Model;
using Tailscale2Otel.Tests.Spool;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Hosting.Replay;

[TestFixture]
sealed partial class ReplayCommandTests
{
    [Test]
    public async Task Sends_what_was_delivered_and_leaves_the_rest_to_the_daemon()
    {
        await using var house = new ReplayHouse();
        await using var backend = await OtlpReceiver.StartAsync();
        await house.FlowsAsync(2);
        await house.DeliverAsync();
        await house.FlowsAsync(1);

        var (code, output, error) = await house.RunAsync(house.Arguments(backend.HttpEndpoint));

        Assert.That((code, error), Is.EqualTo((ExitCode.Ok, "")));
        Assert.That(Starts(backend), Is.EqualTo(new[] { 0, 1 }));
        Assert.That(output.Split('\n'), Is.EqualTo(new[]
        {
            $"read                      2  records, positions 0 to {house.Spool.Spool.Cursors.Delivered}",
            "matched                   2",
            $"sent                      2  as 2 log records to http {backend.HttpEndpoint}v1/logs",
            "duplicates                0  held more than once, sent once",
            "refused                   0  by the backend",
            "undecodable               0  dead letters the first time too",
            "",
        }));
        Assert.That(backend.Metrics, Is.Empty, "metrics are not touched");

        backend.Clear();
        Assert.That((await house.RunAsync(house.Arguments(backend.HttpEndpoint) with { Undelivered = true })).Code, Is.EqualTo(ExitCode.Ok));
        Assert.That(Starts(backend), Is.EqualTo(new[] { 0, 1, 2 }));
    }

    [Test]
    public async Task Marks_every_log_record_and_keeps_its_uid()
    {
        await using var house = new ReplayHouse();
        await using var backend = await OtlpReceiver.StartAsync();
        await house.FillAsync();
        await house.DeliverAsync();

        await house.RunAsync(house.Arguments(backend.HttpEndpoint));
        await house.RunAsync(house.Arguments(backend.HttpEndpoint));

        Assert.That(backend.LogRecords, Has.Count.EqualTo(8));
        Assert.That(backend.LogRecords.Select(r => r.Attributes()["tailscale2otel.replayed"]), Is.All.True);
        Assert.That(backend.LogRecords.Take(4), Is.EqualTo(backend.LogRecords.Skip(4)), "the same records, the same uids");
        Assert.That(backend.LogRecords.Take(4).Select(r => r.Attributes()["log.record.uid"]), Is.Unique);
    }

    /// <summary>Records 0 to 3 of the standard filling were received at 12, 13, 14 and 15 o'clock.</summary>
    static IEnumerable<TestCaseData> Filters()
    {
        static ReplayBound At(int hour) => ReplayBound.At(new DateTimeOffset(2026, 7, 27, hour, 0, 0, TimeSpan.Zero));
        TestCaseData Case(string name, Func<ReplayArguments, ReplayArguments> with, string expected) => new TestCaseData(with, expected).SetArgDisplayNames(name);
        yield return Case("from is included", a => a with { From = [At(13)] }, "1,2,3");
        yield return Case("to is not", a => a with { To = [At(14)] }, "0,1");
        yield return Case("both", a => a with { From = [At(13)], To = [At(14)] }, "1");
        yield return Case("none between them", a => a with { From = [At(14)], To = [At(13)] }, "");
        yield return Case("two of one kind both hold", a => a with { From = [At(13), At(14)], To = [At(20), At(15)] }, "2");
        yield return Case("source", a => a with { Sources = [RecordSource.Poll] }, "3");
        yield return Case("sources", a => a with { Sources = [RecordSource.Poll, RecordSource.Stream] }, "0,1,2,3");
        yield return Case("signal", a => a with { Signals = [RecordSignal.Flow] }, "0,3");
        yield return Case("signals", a => a with { Signals = [RecordSignal.RawLine, RecordSignal.StreamEvent] }, "1,2");
        yield return Case("tailnet", a => a with { Tailnets = ["two.example"] }, "2,3");
        yield return Case("all of them", a => a with { From = [At(13)], Sources = [RecordSource.Stream], Tailnets = ["two.example"] }, "2");
        yield return Case("unknown tailnet", a => a with { Tailnets = ["three.example"] }, "");
    }

    [TestCaseSource(nameof(Filters))]
    public async Task Sends_only_what_is_meant(Func<ReplayArguments, ReplayArguments> with, string expected)
    {
        await using var house = new ReplayHouse();
        await using var backend = await OtlpReceiver.StartAsync();
        await house.FillAsync();
        await house.DeliverAsync();

        var (code, output, _) = await house.RunAsync(with(house.Arguments(backend.HttpEndpoint)));

        Assert.That(code, Is.EqualTo(ExitCode.Ok));
        Assert.That(string.Join(",", backend.LogRecords.Select(NumberOf)), Is.EqualTo(expected));
        Assert.That(output, Does.Contain($"\nmatched      {backend.LogRecords.Count,14}\n"));
    }

    [Test]
    public async Task Positions_bound_as_times_do_and_both_may_be_given()
    {
        await using var house = new ReplayHouse();
        await using var backend = await OtlpReceiver.StartAsync();
        await house.FillAsync();
        await house.DeliverAsync();
        var frames = house.Spool.Frames();
        var arguments = house.Arguments(backend.HttpEndpoint) with
        {
            From = [ReplayBound.At(frames[1].Position), ReplayBound.At(new DateTimeOffset(2026, 7, 27, 14, 0, 0, TimeSpan.Zero))],
            To = [ReplayBound.At(frames[3].Position)],
        };

        await house.RunAsync(arguments);

        Assert.That(backend.LogRecords.Select(NumberOf), Is.EqualTo(new[] { 2 }));
    }

    [Test]
    public async Task What_the_spool_holds_twice_is_sent_once()
    {
        await using var house = new ReplayHouse();
        await using var backend = await OtlpReceiver.StartAsync();
        await house.AddAsync(RecordSource.Stream, RecordSignal.Flow, "", ReplayHouse.Flow(7));
        await house.AddAsync(RecordSource.Poll, RecordSignal.Flow, "", ReplayHouse.Flow(7));
        await house.DeliverAsync();

        var (code, output, _) = await house.RunAsync(house.Arguments(backend.HttpEndpoint));

        Assert.That(code, Is.EqualTo(ExitCode.Ok));
        Assert.That(backend.LogRecords, Has.Count.EqualTo(1));
        Assert.That(output, Does.Contain("duplicates                1"));
    }

    [Test]
    public async Task What_is_refused_or_cannot_be_decoded_is_counted_and_ends_with_1()
    {
        await using var house = new ReplayHouse();
        await using var backend = await OtlpReceiver.StartAsync();
        backend.Decide = request => request.LogRecords.Any(r => r.Body?.StringValue == "poison") ? OtlpAnswer.Status(400, "no \u001b[31m") : OtlpAnswer.Ok;
        await house.FlowsAsync(3);
        await house.AddAsync(RecordSource.Stream, RecordSignal.RawLine, "", "poison");
        await house.AddAsync(RecordSource.Stream, RecordSignal.Flow, "", "{}");
        await house.FlowsAsync(1);
        await house.DeliverAsync();

        var (code, output, error) = await house.RunAsync(house.Arguments(backend.HttpEndpoint));

        Assert.That(code, Is.EqualTo(ExitCode.Failed));
        Assert.That(Starts(backend), Is.EquivalentTo(new[] { 0, 1, 2, 3 }));
        Assert.That(output, Does.Contain("sent                      4 ").And.Contain("refused                   1 ").And.Contain("undecodable               1 "));
        Assert.That(error, Does.Contain($"refused: the record at position {house.Spool.Frames()[3].Position}: 400 ").And.Not.Contain("\u001b"));
    }

    [Test]
    public async Task A_dry_run_counts_by_day_and_connects_to_nothing()
    {
        await using var house = new ReplayHouse();
        using var backend = new TcpListener(IPAddress.Loopback, 0);
        backend.Start();
        var endpoint = new Uri($"http://{backend.LocalEndpoint}");
        await house.FillAsync();
        house.Spool.Time.Advance(TimeSpan.FromDays(1));
        await house.FlowAsync();
        await house.DeliverAsync();

        var (code, output, error) = await house.RunAsync(house.Arguments(endpoint) with { DryRun = true, Signals = [RecordSignal.Flow, RecordSignal.RawLine] });

        Assert.That((code, error), Is.EqualTo((ExitCode.Ok, "")));
        Assert.That(backend.Pending(), Is.False);
        Assert.That(ReplayHouse.Flow(0), Has.Length.EqualTo(217));
        Assert.That(output, Is.EqualTo($"""
            day, UTC    source  signal  records  payload bytes
            2026-07-27  poll    flow          1            217  217 B
            2026-07-27  stream  flow          1            217  217 B
            2026-07-27  stream  raw           1              3    3 B
            2026-07-28  stream  flow          1            217  217 B

            4 of 5 records from position 0 to {house.Spool.Spool.End} would be sent to http {endpoint}v1/logs, each event once

            """.ReplaceLineEndings("\n")));
    }

    [Test]
    public async Task Credentials_go_to_no_other_origin()
    {
        await using var house = new ReplayHouse();
        await using var own = await OtlpReceiver.StartAsync();
        await using var other = await OtlpReceiver.StartAsync();
        await house.FlowsAsync(1);
        await house.DeliverAsync();
        var arguments = house.Arguments(
            own.HttpEndpoint, ("OTLP__HEADERS__X_API_KEY", "hunter2"), ("OTLP__GRAFANA_CLOUD__INSTANCE_ID", "123"), ("OTLP__GRAFANA_CLOUD__TOKEN", "hunter3"));

        await house.RunAsync(arguments);
        await house.RunAsync(arguments with { Otlp = other.HttpEndpoint });
        await house.RunAsync(arguments with { Otlp = own.HttpEndpoint });

        Assert.That(own.Requests.Select(r => r.Headers.GetValueOrDefault("x-api-key")), Is.EqualTo(new[] { "hunter2", "hunter2" }));
        Assert.That(own.Requests.Select(r => r.Headers.ContainsKey("authorization")), Is.All.True);
        Assert.That(other.LogRecords, Has.Count.EqualTo(1));
        Assert.That(other.Requests.Single().Headers.Keys, Does.Not.Contain("x-api-key").And.Not.Contain("authorization"));
        Assert.That(other.Requests.Single().Headers.Values, Has.None.Contains("hunter"));
    }

    [Test]
    public async Task Records_for_standard_output_stand_there_alone()
    {
        await using var house = new ReplayHouse();
        await house.FlowsAsync(2);
        await house.DeliverAsync();

        var (code, output, error) = await house.RunAsync(house.Arguments(new Uri("http://127.0.0.1:9"), ("OTLP__PROTOCOL", "stdout")));

        Assert.That(code, Is.EqualTo(ExitCode.Ok));
        Assert.That(output.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(2).And.All.Contains("tailscale2otel.replayed"));
        Assert.That(error, Does.Contain("as 2 log records to standard output"));
    }

    [Test]
    public async Task Damage_in_the_range_is_told_and_ends_with_1()
    {
        await using var house = new ReplayHouse();
        await using var backend = await OtlpReceiver.StartAsync();
        await house.FlowsAsync(3);
        await house.DeliverAsync();
        var frames = house.Spool.Frames();
        SpoolHarness.Flip(house.Spool.LastSegment, SpoolHarness.HeaderBytes + frames[1].Position.Value + 50);

        var (code, output, _) = await house.RunAsync(house.Arguments(backend.HttpEndpoint));
        Assert.That(code, Is.EqualTo(ExitCode.Failed));
        Assert.That(Starts(backend), Is.EqualTo(new[] { 0, 2 }));
        Assert.That(output, Does.EndWith("1 damaged places could not be read; 'spool verify' lists them\n"));

        var behind = house.Arguments(backend.HttpEndpoint) with { From = [ReplayBound.At(frames[2].Position)] };
        Assert.That((await house.RunAsync(behind)).Code, Is.EqualTo(ExitCode.Ok), "damage elsewhere does not matter");
    }

    [Test]
    public async Task What_cannot_be_started_ends_with_2_and_says_what_to_do()
    {
        await using var house = new ReplayHouse();
        await house.FlowsAsync(1);
        var backend = new Uri("http://127.0.0.1:9");
        using var folder = new TemporaryFolder();

        var (code, _, error) = await house.RunAsync(house.Arguments(backend) with { Directory = folder.Path });
        Assert.That((code, error), Is.EqualTo((ExitCode.Usage, $"tailscale2otel: There is no spool in {folder.Path}\n")));

        (code, _, error) = await house.RunAsync(house.Arguments(backend, ("OTLP__LOGS__ENABLED", "false")));
        Assert.That((code, error), Is.EqualTo((ExitCode.Usage, "tailscale2otel: otlp.logs.enabled is false: name a backend with --otlp URL\n")));

        File.Delete(Path.Combine(house.Spool.Folder, "cursors"));
        (code, _, error) = await house.RunAsync(house.Arguments(backend));
        Assert.That(code, Is.EqualTo(ExitCode.Usage));
        Assert.That(error, Does.Contain("the cursors of").And.Contain("--undelivered"));
    }

    static int[] Starts(OtlpReceiver backend) =>
        [.. backend.LogRecords.Where(r => r.Attributes().ContainsKey("tailscale.flow.window.start")).Select(r => FlowLoad.SequenceOf((string)r.Attributes()["tailscale.flow.window.start"]!))];

    /// <summary>Of the standard filling.</summary>
    static int NumberOf(LogRecord record) => record.Body?.StringValue switch
    {
        "event" => 1,
        "raw" => 2,
        _ => (string)record.Attributes()["tailscale2otel.source"]! == "poll" ? 3 : 0,
    };
}
