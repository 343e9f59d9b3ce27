using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Processing.Deduplication;

/// <summary>
/// A window for each kind of event. Flow records come by the thousand: in one window with the others they would push out, in
/// minutes, the keys of webhooks that are sent again for a day. Each tailnet has its own. One thread's.
/// </summary>
sealed class DeduplicationWindows
{
    const string ChangesSet = "webhook_cross";

    readonly DeduplicationWindow[] _all;
    readonly DeduplicationMetrics? _metrics;

    /// <summary>In memory alone.</summary>
    public DeduplicationWindows(DeduplicationOptions options, bool withChanges)
        : this(_ => new DeduplicationWindow(options), withChanges, null)
    {
    }

    DeduplicationWindows(Func<string, DeduplicationWindow> open, bool withChanges, DeduplicationMetrics? metrics)
    {
        _metrics = metrics;
        Flow = open("flow");
        Audit = open("audit");
        Webhook = open("webhook");
        Changes = withChanges ? open(ChangesSet) : null;
        _all = Changes is null ? [Flow, Audit, Webhook] : [Flow, Audit, Webhook, Changes];
    }

    public DeduplicationWindow Flow { get; }

    public DeduplicationWindow Audit { get; }

    public DeduplicationWindow Webhook { get; }

    /// <summary>Changes that webhook events and audit records tell; null when they are not compared.</summary>
    public DeduplicationWindow? Changes { get; }

    /// <summary>Loads what the last run sealed, see <see cref="DeduplicationWindow.Open"/>; each window has a folder of its own.</summary>
    /// <param name="withChanges">Whether there is a window for <see cref="Changes"/>.</param>
    /// <exception cref="IOException">A directory can be neither created nor read.</exception>
    public static DeduplicationWindows Open(
        DeduplicationOptions options, string directory, Action<string> flushDirectory, TailnetMeter meter, ILogger log, bool withChanges = false)
    {
        var metrics = new DeduplicationMetrics(meter);
        return new DeduplicationWindows(
            set => DeduplicationWindow.Open(options, new GenerationFiles(Path.Combine(directory, set), flushDirectory, log), metrics.Add(set, options.MaxKeys), log),
            withChanges,
            metrics);
    }

    /// <summary>Counts a record that was suppressed.</summary>
    public void Hit(RecordSignal signal, in ProcessResult result) =>
        _metrics?.Hit(result.Reason == ProcessResult.SameChange.Reason ? ChangesSet : RecordNames.TextOf(signal));

    /// <summary>How far the files of all windows reach when every record before <paramref name="ground"/> was looked at.</summary>
    public SpoolPosition KeyedUpTo(SpoolPosition ground) => Lowest(w => w.KeyedUpTo(ground));

    /// <summary>Where learning has to begin after a restart: at the cursor, or before it where a file was lost.</summary>
    public SpoolPosition LearnFrom(SpoolPosition keyed) => Lowest(w => w.LearnFrom(keyed));

    /// <summary>See <see cref="DeduplicationWindow.Seal"/>.</summary>
    public void Seal()
    {
        foreach (var window in _all)
            window.Seal();
    }

    /// <summary>See <see cref="DeduplicationWindow.SealIfDue"/>.</summary>
    /// <param name="now">Unix nanoseconds.</param>
    public void SealIfDue(long now)
    {
        foreach (var window in _all)
            window.SealIfDue(now);
    }

    SpoolPosition Lowest(Func<DeduplicationWindow, SpoolPosition> position) => new(_all.Min(w => position(w).Value));
}
