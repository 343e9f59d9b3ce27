using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Enrichment;
using Tailscale2Otel.Export;
using Tailscale2Otel.Export.Resource;
using Tailscale2Otel.Hosting;
using Tailscale2Otel.Hosting.Pipeline;
using Tailscale2Otel.Hosting.Tailnets;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing;
using Tailscale2Otel.Processing.Deduplication;
using Tailscale2Otel.Spool;
using Tailscale2Otel.Spool.DeadLetters;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Hosting.Pipeline;

/// <summary>
/// The pipeline over a real spool in a folder of its own, with a backend that the test plays. <see cref="ReopenAsync"/> is the
/// restart of a process that had no time to finish anything.
/// </summary>
sealed class PipelineHarness : IAsyncDisposable
{
    readonly TemporaryFolder _folder = new();
    CancellationTokenSource _stop = new();
    CancellationTokenSource _abandon = new();
    Meter _meter = null!;
    DiskSpool _disk = null!;
    DeadLetters _letters = null!;
    DeduplicationWindows _windows = null!;
    DeadLetterOffice _office = null!;
    MetricExport? _export;

    public PipelineHarness()
    {
        Time = new WatchedTime(Clock, Changes);
        Exporter = new HeldExporter(Changes);
        Metrics = new HeldMetrics(Changes);
    }

    public ManualTime Clock { get; } = new();

    public Changes Changes { get; } = new();

    public WatchedTime Time { get; }

    public DeliveryOptions Options { get; } = new() { MaxBatchDelay = TimeSpan.Zero };

    public ShutdownOptions Shutdown { get; } = new();

    public MetricPace Pace { get; set; } = new(TimeSpan.FromMinutes(1), long.MaxValue);

    public bool HasMetrics { get; set; } = true;

    public FirstDevices? FirstDevices { get; set; }

    public HeldExporter Exporter { get; private set; }

    public HeldMetrics Metrics { get; private set; }

    public WatchedSpool Spool { get; private set; } = null!;

    public PipelineCounts Counts { get; private set; } = null!;

    public Delivery Delivery { get; private set; } = null!;

    public Grinder Grinder { get; private set; } = null!;

    public MetricLoop Loop { get; private set; } = null!;

    public PipelineWorker Worker { get; private set; } = null!;

    public Task Grinding { get; private set; } = Task.CompletedTask;

    public Task Delivering { get; private set; } = Task.CompletedTask;

    public string DeadLetterPath => _folder.File(DeadLetters.FileName);

    public string[] DeadLetterLines => File.Exists(DeadLetterPath) ? File.ReadAllLines(DeadLetterPath) : [];

    /// <summary>What the processor said, in order.</summary>
    public IEnumerable<string> Ground => Changes.Entries.Where(e => e.Contains(": ", StringComparison.Ordinal));

    public PipelineHarness Open()
    {
        _meter = new Meter(ProductInfo.Name);
        _disk = DiskSpool.Open(new SpoolOptions { Directory = _folder.Path, SegmentBytes = 65_536, MinFreeBytes = 0 }, Clock, _meter, NullLogger.Instance);
        Spool = new WatchedSpool(_disk, Changes);
        _letters = new DeadLetters(new DeadLetterOptions(), _folder.Path, Clock, _meter, NullLogger.Instance) { NotPassed = (Spool.Cursors.Delivered, Spool.End) };
        _windows = DeduplicationWindows.Open(new DeduplicationOptions(), _folder.File("dedup"), DirectorySync.Flush, _meter, NullLogger.Instance);
        _office = new DeadLetterOffice(Spool, _letters, Time);
        var dispatcher = new Dispatcher(
            new Dictionary<RecordSignal, IRecordProcessor> { [RecordSignal.Flow] = new WordProcessor(_windows.Flow, Changes) }, new RecordMetrics(_meter), []);
        Counts = new PipelineCounts();
        Delivery = new Delivery(Exporter, Spool, _office, Counts, Options);
        var tailnets = new TailnetSet(
            [new TailnetParts { Name = "", Devices = new DeviceIndex("", Time), Windows = _windows, Dispatcher = dispatcher }], name => throw new InvalidOperationException(name));
        Grinder = new Grinder(Spool, tailnets, new RecordGuard(tailnets, NullLogger<RecordGuard>.Instance), Delivery, _office, new BatchLimits(Options, Time)) { FirstDevices = FirstDevices };
        _export = HasMetrics ? new MetricExport(Metrics, [], "cumulative", 0, new SelfObservabilityOptions()) : null;
        Loop = new MetricLoop(Grinder, Spool, _export, Pace, Time);
        Worker = new PipelineWorker(Grinder, Delivery, Loop, Spool, Shutdown, Time);
        return this;
    }

    /// <summary>Grinder and delivery without the worker around them.</summary>
    public void Run()
    {
        var (stop, abandon) = (_stop.Token, _abandon.Token);
        Grinding = Task.Run(() => Grinder.RunAsync(stop, abandon));
        Delivering = Task.Run(() => Delivery.RunAsync(abandon));
    }

    public Task StopGrindingAsync()
    {
        _stop.Cancel();
        return Grinding.WaitAsync(Changes.Patience);
    }

    public void Abandon() => _abandon.Cancel();

    /// <summary>Appends words as flow records; positions behind each.</summary>
    public async Task<SpoolPosition[]> AppendAsync(params string[] words)
    {
        var ends = new List<SpoolPosition>();
        var at = _disk.End.Value;
        using var batch = new SpoolAppend();
        foreach (var word in words)
        {
            batch.Add(RecordSource.Stream, word.StartsWith("cursor", StringComparison.Ordinal) ? RecordSignal.Cursor : RecordSignal.Flow, "", Now, default, Encoding.UTF8.GetBytes(word));
            ends.Add(new SpoolPosition(at + batch.Bytes));
        }

        var result = await _disk.AppendAsync(batch, CancellationToken.None);
        Assert.That(result, Is.EqualTo(new AppendResult(AppendOutcome.Durable, ends[^1])));
        return [.. ends];
    }

    public Task DeliveredAsync(SpoolPosition position) => Changes.UntilAsync(() => Spool.Cursors.Delivered == position);

    public Task GroundAsync(string word) => Changes.UntilAsync(() => Ground.Any(e => e.StartsWith(word + ":", StringComparison.Ordinal)));

    /// <summary>Ends without any of the orderly steps of a stop, and starts again with a backend of its own.</summary>
    public async Task ReopenAsync()
    {
        await CloseAsync();
        (_stop, _abandon) = (new CancellationTokenSource(), new CancellationTokenSource());
        Exporter = new HeldExporter(Changes);
        Metrics = new HeldMetrics(Changes);
        Open();
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _folder.Dispose();
    }

    async Task CloseAsync()
    {
        await _abandon.CancelAsync();
        await _stop.CancelAsync();
        Metrics.LetGo();
        await Task.WhenAll(Grinding, Delivering).WaitAsync(Changes.Patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (Worker.ExecuteTask is not null)
            await Worker.StopAsync(new CancellationToken(canceled: true));
        _export?.Dispose();
        _letters.Dispose();
        Delivery.Dispose();
        Worker.Dispose();
        await _disk.DisposeAsync();
        _meter.Dispose();
        _stop.Dispose();
        _abandon.Dispose();
    }

    long Now => (Clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
}
