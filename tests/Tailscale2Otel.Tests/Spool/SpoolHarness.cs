using System.Diagnostics.Metrics;
using System.Text;
using Tailscale2Otel.Model;
using Tailscale2Otel.Spool;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Spool;

/// <summary>A spool in a folder of its own that can be closed, crashed and opened again.</summary>
sealed class SpoolHarness : IAsyncDisposable
{
    public const long HeaderBytes = 40;

    public SpoolHarness() => Folder = Directory.CreateTempSubdirectory("spool-").FullName;

    public string Folder { get; }

    public ManualTime Time { get; } = new();

    public Meter Meter { get; } = new("test");

    public CollectedLog Log { get; } = new();

    public SpoolOptions Options { get; } = new() { SegmentBytes = 64 * 1024, MaxBytes = 1024 * 1024, MinFreeBytes = 0 };

    public DiskSpool Spool { get; private set; } = null!;

    public FaultyDirectory Disk { get; private set; } = null!;

    public string[] Segments => [.. Directory.GetFiles(Folder, "*.seg").Order(StringComparer.Ordinal)];

    public string LastSegment => Segments[^1];

    public DiskSpool Open(Action<FaultyDirectory>? prepare = null)
    {
        Disk = new FaultyDirectory(new DiskSpoolDirectory(Folder));
        prepare?.Invoke(Disk);
        return Spool = DiskSpool.Open(Options, Disk, Time, Meter, Log);
    }

    /// <summary>Copies the files as they are now, as a crash would leave them, and goes on with the copy.</summary>
    public SpoolHarness Crash()
    {
        var left = new SpoolHarness();
        left.Options.SegmentBytes = Options.SegmentBytes;
        left.Options.MaxBytes = Options.MaxBytes;
        left.Options.Sync = Options.Sync;
        left.Options.Retention = Options.Retention;
        foreach (var file in Directory.GetFiles(Folder).Where(f => Path.GetFileName(f) != "lock"))
            File.Copy(file, Path.Combine(left.Folder, Path.GetFileName(file)));
        return left;
    }

    public async Task<AppendResult> AppendAsync(params string[] payloads)
    {
        using var batch = Batch(payloads);
        return await Spool.AppendAsync(batch, CancellationToken.None);
    }

    public SpoolAppend Batch(params string[] payloads)
    {
        var batch = new SpoolAppend();
        foreach (var payload in payloads)
            batch.Add(RecordSource.Stream, RecordSignal.Flow, "example.com", Now, """{"host":"h"}"""u8, Encoding.UTF8.GetBytes(payload));
        return batch;
    }

    public long Now => (Time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;

    public List<string> ReadAll(SpoolPosition? from = null)
    {
        using var reader = Spool.Read(from ?? SpoolPosition.Start);
        return ReadAll(reader);
    }

    public static List<string> ReadAll(SpoolReader reader)
    {
        List<string> found = [];
        while (reader.TryRead(out var record))
            found.Add(Encoding.UTF8.GetString(record.Payload));
        return found;
    }

    public List<(SpoolPosition Position, SpoolPosition Next, string Payload)> Frames()
    {
        using var reader = Spool.Read(SpoolPosition.Start);
        List<(SpoolPosition, SpoolPosition, string)> found = [];
        while (reader.TryRead(out var record))
            found.Add((record.Position, record.Next, Encoding.UTF8.GetString(record.Payload)));
        return found;
    }

    /// <summary>Ends when the writer has done what was asked of it before.</summary>
    public async Task SettleAsync()
    {
        await AppendAsync("settle");
        await SavedAsync();
    }

    /// <summary>Ends when the cursors are on disk that a new segment moved and that no append waits for.</summary>
    public Task SavedAsync() => ((DiskSpoolCursors?)Spool?.Cursors)?.Work ?? Task.CompletedTask;

    public async Task MoveAllAsync(SpoolPosition position)
    {
        await Spool.Cursors.DeliverAsync(position, default);
        await Spool.Cursors.CountAsync(position, default);
        await Spool.Cursors.KeyAsync(position, default);
    }

    public static void Flip(string file, long offset)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        stream.Position = offset;
        var b = stream.ReadByte();
        stream.Position = offset;
        stream.WriteByte((byte)(b ^ 0x10));
    }

    public static void Cut(string file, long length)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        stream.SetLength(length);
    }

    public async ValueTask DisposeAsync()
    {
        if (Spool is not null)
            await Spool.DisposeAsync();
        Meter.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
