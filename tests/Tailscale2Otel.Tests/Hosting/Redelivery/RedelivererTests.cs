using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Tailscale2Otel.Export;
using Tailscale2Otel.Hosting.Pipeline;
using Tailscale2Otel.Hosting.Redelivery;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing.Deduplication;
using Tailscale2Otel.Tests.Hosting.Pipeline;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Hosting.Redelivery;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
sealed class RedelivererTests : IAsyncDisposable
{
    readonly ManualTime _time = new();
    readonly Changes _changes = new();
    readonly List<RedeliveredRecord> _settled = [];
    readonly CancellationTokenSource _stop = new();
    readonly HeldExporter _exporter;
    readonly DeliveryOptions _options = new() { MaxBatchRecords = 2, MaxInFlight = 2 };
    long _added;

    public RedelivererTests() => _exporter = new HeldExporter(_changes);

    Redeliverer Redeliverer => field ??= new Redeliverer(
        _exporter, new RecordGuard(new WordProcessor(new DeduplicationWindow(), _changes), NullLogger<RecordGuard>.Instance), _options, TimeSpan.FromSeconds(5), _time, _settled.Add);

    IEnumerable<string> Outcomes => _settled.Select(r => $"{r.Number} {r.Position} {r.Outcome}");

    public async ValueTask DisposeAsync()
    {
        await Redeliverer.DisposeAsync();
        _stop.Dispose();
    }

    [Test]
    public async Task Says_in_order_what_became_of_each_record()
    {
        _exporter.AcceptsAll = true;
        foreach (var word in new[] { "one", "bad", "one", "drop", "multi", "two" })
            await AddAsync(word);

        Assert.That(await Redeliverer.CompleteAsync(_stop.Token));
        Assert.That(Outcomes, Is.EqualTo(new[]
        {
            "0 0 Sent", "1 10 Undecodable", "2 20 Duplicate", "3 30 Unmapped", "4 40 Sent", "5 50 Sent",
        }));
        Assert.That(_settled.Select(r => r.LogRecords), Is.EqualTo(new[] { 1, 0, 0, 0, 3, 1 }));
        Assert.That(_settled[1].Reason, Is.EqualTo("decode_error"));
        Assert.That(Redeliverer.SettledTo, Is.EqualTo(new SpoolPosition(60)));
    }

    [Test]
    public async Task A_record_that_our_own_code_fails_at_does_not_end_the_run()
    {
        _exporter.AcceptsAll = true;
        foreach (var word in new[] { "one", "fail", "two" })
            await AddAsync(word);

        Assert.That(await Redeliverer.CompleteAsync(_stop.Token));
        Assert.That(Outcomes, Is.EqualTo(new[] { "0 0 Sent", "1 10 Undecodable", "2 20 Sent" }));
        Assert.That((_settled[1].Reason, _settled[1].LogRecords), Is.EqualTo((RecordGuard.Reason, 0)));
    }

    [Test]
    public async Task Every_log_record_is_marked_as_replayed()
    {
        await AddAsync("multi");
        var held = await _exporter.NextAsync();
        held.Accept();

        Assert.That(held.Batch.Flags, Is.EqualTo(Enumerable.Repeat("tailscale2otel.replayed=True", 3)));
    }

    [Test]
    public async Task What_the_backend_refuses_is_told_with_its_answer()
    {
        _options.MaxBatchRecords = 10;
        await AddAsync("one");
        await AddAsync("multi");
        await AddAsync("two");
        var end = Redeliverer.CompleteAsync(_stop.Token);
        await (await _exporter.NextAsync()).RefuseAsync("multi", 400, "no");

        Assert.That(await end);
        Assert.That(Outcomes, Is.EqualTo(new[] { "0 0 Sent", "1 10 Refused", "2 20 Sent" }));
        Assert.That((_settled[1].Status, _settled[1].Message), Is.EqualTo((400, "no")));
    }

    [Test]
    public async Task Records_of_one_position_are_told_apart()
    {
        _options.MaxBatchRecords = 4;
        await AddAsync("one", position: 7);
        await AddAsync("two", position: 7);
        var end = Redeliverer.CompleteAsync(_stop.Token);
        await (await _exporter.NextAsync()).RefuseAsync("two", 400, "no");

        Assert.That(await end);
        Assert.That(Outcomes, Is.EqualTo(new[] { "0 7 Sent", "1 7 Refused" }));
    }

    [Test]
    public async Task A_partial_success_says_nothing_about_single_records_of_several()
    {
        await AddAsync("one");
        await AddAsync("two");
        (await _exporter.NextAsync()).AcceptAllBut(1);

        Assert.That(await Redeliverer.CompleteAsync(_stop.Token));
        Assert.That(_settled.Select(r => r.Outcome), Is.All.EqualTo(RedeliveryOutcome.Uncertain));
        Assert.That(_settled[0].Message, Does.Contain("1 of 2 log records"));
    }

    [TestCase("one", 1)]
    [TestCase("multi", 2)]
    [TestCase("multi", 3)]
    public async Task A_partial_success_of_one_record_refuses_it(string word, int rejected)
    {
        await AddAsync(word);
        var end = Redeliverer.CompleteAsync(_stop.Token);
        (await _exporter.NextAsync()).AcceptAllBut(rejected);

        Assert.That(await end);
        Assert.That(Outcomes, Is.EqualTo(new[] { "0 0 Refused" }));
    }

    [Test]
    public async Task Takes_no_more_than_may_be_under_way()
    {
        for (var i = 0; i < 5; i++)
            await AddAsync($"word{i}");
        var waiting = AddAsync("word5");
        var (first, second) = (await _exporter.NextAsync(), await _exporter.NextAsync());
        second.Accept();
        await _changes.UntilAsync(() => _exporter.UnderWay == 1);
        Assert.That(waiting.IsCompleted, Is.False, "the oldest is still under way");

        first.Accept();
        await waiting.AsTask().WaitAsync(Changes.Patience);
        (await _exporter.NextAsync()).Accept();
        Assert.That(await Redeliverer.CompleteAsync(_stop.Token));
        Assert.That(_settled.Select(r => r.Number), Is.EqualTo(Enumerable.Range(0, 6)));
        Assert.That(first.Batch.IsDisposed && second.Batch.IsDisposed);
    }

    [Test]
    public async Task A_stop_leaves_what_is_not_sent_and_waits_for_what_is()
    {
        foreach (var word in new[] { "one", "two", "three" })
            await AddAsync(word);
        await _stop.CancelAsync();
        var end = Redeliverer.CompleteAsync(_stop.Token);
        (await _exporter.NextAsync()).Accept();

        Assert.That(await end, Is.False, "the third was not sent");
        Assert.That(Redeliverer.SettledTo, Is.EqualTo(new SpoolPosition(20)));
        Assert.That(_settled, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_stop_gives_up_after_the_grace_period_and_says_how_far_all_is_settled()
    {
        foreach (var word in new[] { "one", "two", "three", "four" })
            await AddAsync(word);
        await _exporter.NextAsync();
        (await _exporter.NextAsync()).Accept();
        await _changes.UntilAsync(() => _exporter.UnderWay == 1);
        var end = Redeliverer.CompleteAsync(_stop.Token);
        await _stop.CancelAsync();
        Assert.That(end.IsCompleted, Is.False);
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.That(await end.WaitAsync(Changes.Patience), Is.False);
        Assert.That(Redeliverer.SettledTo, Is.Null, "the first batch has no answer");
        Assert.That(Outcomes, Is.EqualTo(new[] { "2 20 Sent", "3 30 Sent" }), "the second has one");
    }

    [Test]
    public async Task Waiting_for_room_ends_with_a_stop()
    {
        for (var i = 0; i < 5; i++)
            await AddAsync($"word{i}");
        var waiting = AddAsync("word5").AsTask();
        await _stop.CancelAsync();

        Assert.That(async () => await waiting.WaitAsync(Changes.Patience), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task A_failing_exporter_ends_the_run_and_leaves_no_batch_behind()
    {
        await AddAsync("one");
        await AddAsync("two");
        var held = await _exporter.NextAsync();
        held.Fail(new IOException("broken pipe"));

        Assert.That(async () => await Redeliverer.CompleteAsync(_stop.Token), Throws.InstanceOf<IOException>());
        await Redeliverer.DisposeAsync();
        Assert.That(held.Batch.IsDisposed);
    }

    ValueTask AddAsync(string word, long? position = null)
    {
        var at = position ?? (_added * 10);
        _added++;
        return Redeliverer.AddAsync(
            new RawRecord
            {
                Position = new SpoolPosition(at),
                Next = new SpoolPosition(at + 10),
                Source = RecordSource.Stream,
                Signal = RecordSignal.Flow,
                Tailnet = "",
                ReceivedAt = 1,
                Payload = Encoding.UTF8.GetBytes(word),
            },
            _stop.Token);
    }
}
