using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Ingest.Webhook;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing.Deduplication;
using Tailscale2Otel.Spool;

namespace Tailscale2Otel.Hosting.Tailnets;

/// <summary>Opens what each tailnet remembers of its records, so that a flood of one pushes out no other's keys.</summary>
/// <param name="folders">Where it is kept; null: for as long as the process runs.</param>
sealed class TailnetMemories(TailnetFolders? folders, DeduplicationOptions options, WebhookOptions webhook, TimeProvider time, ILogger<DeduplicationWindow> log)
{
    /// <exception cref="IOException">A directory can be neither created nor read.</exception>
    public (DeduplicationWindows Windows, WindowMemory? Memory) Open(string tailnet, TailnetMeter meter)
    {
        if (folders is null)
            return InMemory();

        var folder = folders.Of(tailnet);
        var windows = DeduplicationWindows.Open(options, folder, DirectorySync.Flush, meter, log, webhook.DedupAuditEvents);
        return (windows, WindowMemory.Open(options, windows.Webhook, Path.Combine(folder, "webhook"), DirectorySync.Flush, UnixTime.Nanoseconds(time.GetUtcNow())));
    }

    public (DeduplicationWindows Windows, WindowMemory? Memory) InMemory() => (new DeduplicationWindows(options, webhook.DedupAuditEvents), null);
}
