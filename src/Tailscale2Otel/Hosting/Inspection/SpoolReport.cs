using Tailscale2Otel.Model;
using Tailscale2Otel.Processing;
using Tailscale2Otel.Spool.Inspection;

namespace Tailscale2Otel.Hosting.Inspection;

/// <summary>Everything that <c>spool inspect</c> says.</summary>
/// <param name="Census">Null when the records were not read.</param>
/// <param name="OldestUndelivered">When it was received, in Unix nanoseconds; null when there is none or damage hides it.</param>
sealed record SpoolReport(SpoolSnapshot Snapshot, RecordCensus? Census, SpoolFiles Files, long? OldestUndelivered)
{
    /// <summary>What is read of the directory beyond the snapshot is read here.</summary>
    /// <exception cref="IOException">The files beside the segments cannot be listed.</exception>
    public static SpoolReport Of(SpoolSnapshot snapshot, RecordCensus? census) => new(
        snapshot, census, SpoolFiles.Of(snapshot), snapshot.Cursors is { } cursors ? snapshot.ReceivedAt(cursors.Delivered) : null);

    public double? OldestUndeliveredAge =>
        OldestUndelivered is { } received ? Math.Max(0, (UnixTime.Nanoseconds(Snapshot.TakenAt) - received) / 1e9) : null;

    /// <summary>The three cursors with how many records each has before it, where they were counted.</summary>
    public IReadOnlyList<(string Name, long Position, long? Records)> Cursors => Snapshot.Cursors is { } cursors
        ?
        [
            ("delivered", cursors.Delivered, Census?.Undelivered),
            ("counted", cursors.Counted, Census?.Uncounted),
            ("keyed", cursors.Keyed, Census?.Unkeyed),
        ]
        : [];

    /// <summary>As <c>replay --signal</c> takes it.</summary>
    public static string NameOf(RecordSignal signal) => signal == RecordSignal.Cursor ? "cursor" : RecordNames.TextOf(signal);

    /// <summary>UTC, to the second.</summary>
    public static string TimeText(long? unixNanoseconds) => unixNanoseconds is { } value
        ? DateTimeOffset.UnixEpoch.AddTicks(value / TimeSpan.NanosecondsPerTick).ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture)
        : "?";
}
