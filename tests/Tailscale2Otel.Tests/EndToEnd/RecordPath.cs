using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Tailscale2Otel.Enrichment;
using Tailscale2Otel.Export;
using Tailscale2Otel.Export.Otlp;
using Tailscale2Otel.Export.Otlp.Wire;
using Tailscale2Otel.Ingest.Hec;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing;
using Tailscale2Otel.Processing.Counting;
using Tailscale2Otel.Processing.Deduplication;
using Tailscale2Otel.Processing.Flow;
using Tailscale2Otel.Spool;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.EndToEnd;

/// <summary>
/// What every flow record goes through, from a request's body to OTLP bytes, on one thread and without sockets: the daemon's
/// own parts with its default options, a full deduplication window and a tailnet whose devices are known.
/// </summary>
sealed class RecordPath : IAsyncDisposable
{
    const int Keys = 65_536;
    const int BatchBytes = 1 << 20;
    const long ReceivedAt = 1_785_153_610_000_000_000;

    static readonly HecLimits Limits = HecLimits.From(new HecOptions());

    readonly TemporaryFolder _folder = new();
    readonly Meter _meter = new("test");
    readonly ExportMetrics _exportMetrics;
    readonly OtlpLimitsOptions _limits = new();
    readonly FlowProcessor _processor;
    readonly DiskSpool _spool;
    readonly SpoolReader _reader;
    int _lastBytes = BatchBytes;

    /// <param name="isWindowOnDisk">The window writes its keys to files, as the daemon's does.</param>
    public RecordPath(FlowLogMode mode, bool isWindowOnDisk)
    {
        _exportMetrics = new ExportMetrics(_meter);
        var dimensions = new FlowDimensions();
        var devices = new DeviceIndex("", TimeProvider.System);
        devices.Replace(SomeDevices.Many(FlowBodies.Nodes));
        _processor = new FlowProcessor(
            new FlowOptions { LogMode = mode }, FullWindow(isWindowOnDisk), new FlowMetrics(_meter, dimensions, new CardinalityOptions()), new NodeNames(dimensions, devices));
        _spool = DiskSpool.Open(new SpoolOptions { Directory = _folder.File("spool"), Sync = SpoolSync.Never, MinFreeBytes = 0 }, TimeProvider.System, _meter, NullLogger.Instance);
        _reader = _spool.Read(SpoolPosition.Start);
    }

    /// <summary>Batches that <see cref="Grind"/> has written.</summary>
    public int Batches { get; private set; }

    public long LogRecords { get; private set; }

    /// <summary>As the receiver does: finds the records and copies them into an append.</summary>
    public static void Frame(byte[] body, SpoolAppend append)
    {
        using var records = new HecRecords();
        if (!HecEventReader.Read(body, Limits, records).IsSound
            || !HecAppendWriter.TryWrite(body, records, HecQuery.Empty, Limits, new HecOrigin("example.com", ReceivedAt), append))
            Assert.Fail("The body is refused.");
    }

    public async Task AppendAsync(byte[] body)
    {
        using var append = new SpoolAppend();
        Frame(body, append);
        Assert.That((await _spool.AppendAsync(append, CancellationToken.None)).Outcome, Is.EqualTo(AppendOutcome.Durable));
    }

    /// <summary>As the grinder does: so many records from the spool into batches of OTLP log records.</summary>
    public void Grind(int records)
    {
        for (var done = 0; done < records;)
        {
            using var batch = new LogsWriter(_limits, _exportMetrics, _lastBytes);
            for (; done < records && batch.Bytes < BatchBytes; done++)
            {
                if (!_reader.TryRead(out var record) || _processor.Process(record, batch, RecordPass.Deliver | RecordPass.Count).Outcome != ProcessOutcome.Mapped)
                    Assert.Fail("A record is missing, or was not mapped.");
            }

            Batches++;
            LogRecords += batch.Count;
            _lastBytes = (int)batch.Bytes;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _reader.Dispose();
        await _spool.DisposeAsync();
        _meter.Dispose();
        _folder.Dispose();
    }

    /// <summary>A window that gives up its oldest key for each new one, which is how it spends its life.</summary>
    DeduplicationWindow FullWindow(bool isOnDisk)
    {
        var options = new DeduplicationOptions { MaxKeys = Keys };
        var window = isOnDisk
            ? DeduplicationWindow.Open(options, new GenerationFiles(_folder.File("keys"), _ => { }, NullLogger.Instance), new DeduplicationCounts("flow", Keys), NullLogger.Instance)
            : new DeduplicationWindow(options);
        for (var i = 1; i <= Keys; i++)
            _ = window.TryClaim(new ContentKey((ulong)i, (ulong)i), new SpoolPosition(i), ReceivedAt);
        return window;
    }
}
