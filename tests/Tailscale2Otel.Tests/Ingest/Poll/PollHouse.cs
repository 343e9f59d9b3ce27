using System.Text;
using Microsoft.Extensions.Logging;
using Tailscale2Otel.Ingest;
using Tailscale2Otel.Ingest.Poll;
using Tailscale2Otel.Model;
using Tailscale2Otel.Spool;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Ingest.Poll;

/// <summary>A poller over a spool on disk, driven by hand; it can be stopped, crashed and started again.</summary>
sealed class PollHouse : IAsyncDisposable
{
    readonly List<TemporaryFolder> _folders = [];
    DiskSpool? _spool;

    public PollHouse(ManualTime time, LogServer server) => (Time, Server) = (time, server);

    public ManualTime Time { get; }

    public LogServer Server { get; }

    public CollectingMeter Meter { get; } = new();

    public CollectingLogger Log { get; } = new();

    public SpoolOptions Options { get; } = new() { SegmentBytes = 256 * 1024, MaxBytes = 1L << 30, MinFreeBytes = 0, Sync = SpoolSync.Never };

    public bool IsOneTailnet { get; set; } = true;

    public DiskSpool Spool => _spool!;

    public PollCursors Cursors { get; private set; } = null!;

    public LogPoller Poller { get; private set; } = null!;

    public PollPace Pace { get; private set; } = null!;

    public string Folder => _folders[^1].Path;

    public string CursorFile => Path.Combine(Folder, PollCursorFile.Name);

    public PollCursor? Cursor => Cursors.Find(new PollKey(Server.Settings.Tailnet, Server.Settings.Feed.Collector));

    public async Task OpenAsync()
    {
        if (_folders.Count == 0)
            _folders.Add(new TemporaryFolder());
        Options.Directory = Folder;
        _spool = DiskSpool.Open(Options, Time, Meter.Meter, Log);
        var metrics = new PollMetrics(Meter.Meter);
        var logs = new LoggerFactory([Log]);
        Cursors = new PollCursors(_spool, Folder, IsOneTailnet, metrics, Time, new Logger<PollCursors>(logs));
        await Cursors.LoadAsync(default);
        Poller = new LogPoller(Server.Settings, Server.ReadAsync, new Intake(_spool, new IngestMetrics(Meter.Meter), default), Cursors, new PollInstruments(metrics, Time), new Logger<LogPoller>(logs));
        Pace = new PollPace(Server.Settings.Interval, () => 0.5);
    }

    /// <summary>Polls as the loop would, for so long.</summary>
    public async Task RunAsync(TimeSpan during)
    {
        var (began, end) = (Time.GetTimestamp(), during);
        while (Time.GetElapsedTime(began) < end)
        {
            var result = await Poller.PollAsync(default);
            Time.Advance(Pace.Next(result, TimeSpan.Zero));
        }
    }

    /// <summary>An orderly stop and a new start.</summary>
    public async Task RestartAsync()
    {
        await Spool.DisposeAsync();
        await OpenAsync();
    }

    /// <summary>The files as a crash at this moment would leave them.</summary>
    public TemporaryFolder Image()
    {
        var image = new TemporaryFolder();
        foreach (var file in Directory.GetFiles(Folder).Where(f => Path.GetFileName(f) != DiskSpool.LockName))
            File.Copy(file, image.File(Path.GetFileName(file)));
        return image;
    }

    /// <summary>Goes on with what a crash left.</summary>
    public async Task CrashAsync(TemporaryFolder? image = null)
    {
        image ??= Image();
        await Spool.DisposeAsync();
        _folders.Add(image);
        await OpenAsync();
    }

    /// <summary>Payloads of records in the spool, repeats among them.</summary>
    public List<string> Records(RecordSignal signal = RecordSignal.Flow)
    {
        List<string> found = [];
        using var reader = Spool.Read(Spool.Oldest);
        while (reader.TryRead(out var record))
        {
            if (record.Signal == signal)
                found.Add(Encoding.UTF8.GetString(record.Payload));
        }

        return found;
    }

    /// <summary>As if the backend had taken everything.</summary>
    public async Task DeliverAsync()
    {
        await Spool.Cursors.DeliverAsync(Spool.End, default);
        await Spool.Cursors.CountAsync(Spool.End, default);
        await Spool.Cursors.KeyAsync(Spool.End, default);
    }

    /// <summary>Everything that could be fetched up to the cursor is there.</summary>
    public void AssertWhole(DateTimeOffset from = default) =>
        Assert.That(Server.Until(Cursor!.Value.Time, from).Except(Records()).Take(5), Is.Empty);

    public async ValueTask DisposeAsync()
    {
        if (_spool is not null)
            await _spool.DisposeAsync();
        foreach (var folder in _folders)
            folder.Dispose();
        Meter.Dispose();
        Log.Dispose();
    }
}
