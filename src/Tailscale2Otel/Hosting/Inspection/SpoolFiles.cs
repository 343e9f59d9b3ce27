using Tailscale2Otel.Spool;
using Tailscale2Otel.Spool.Inspection;

namespace Tailscale2Otel.Hosting.Inspection;

/// <summary>Sizes of what stands beside the segments.</summary>
/// <param name="DeadLetters">The current file and the older one, as far as they are there.</param>
sealed record SpoolFiles(IReadOnlyList<SpoolEntry> DeadLetters, FileSum Deduplication, FileSum DamageCopies)
{
    /// <exception cref="IOException">They cannot be listed.</exception>
    public static SpoolFiles Of(SpoolSnapshot snapshot) => new(
        [
            .. snapshot.FilesIn("", Spool.DeadLetters.DeadLetters.FileName),
            .. snapshot.FilesIn("", Spool.DeadLetters.DeadLetters.OlderFileName),
        ],
        FileSum.Of(snapshot.FilesIn("dedup/", "")),
        FileSum.Of(snapshot.FilesIn($"{SpoolDamage.Folder}/", "")));
}
