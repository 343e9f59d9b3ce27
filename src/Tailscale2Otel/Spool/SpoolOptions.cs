using System.ComponentModel.DataAnnotations;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Spool;

/// <summary>The durable log on disk between receiving and delivering.</summary>
[ConfigSection("spool")]
sealed class SpoolOptions : IConfigSection
{
    public const string DefaultDirectory = "/var/lib/tailscale2otel/spool";

    /// <summary>
    /// Where the spool, its cursors and the dead letters live; one process at a time. The default moves to
    /// <c>$XDG_STATE_HOME/tailscale2otel/spool</c> (or below <c>~/.local/state</c>) when it cannot be written, and
    /// a spool that is there stays there.
    /// </summary>
    [FilePath]
    [Required]
    public string Directory { get; set; } = DefaultDirectory;

    /// <summary>Bytes not yet delivered that the spool takes before it refuses senders; also bounds what stays for <c>retention</c>.</summary>
    [Within(1_048_576, 1_125_899_906_842_624)]
    public long MaxBytes { get; set; } = 8L * 1024 * 1024 * 1024;

    /// <summary>Size at which a segment file is closed and the next one begun; segments are deleted whole.</summary>
    [Within(65_536, 4_294_967_296)]
    public long SegmentBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>How long delivered segments stay, counted from their last record.</summary>
    [Within("00:00:00", "3650.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromHours(24);

    /// <summary>When records reach the disk: <c>always</c> before the sender is answered, <c>interval</c> or <c>never</c> later.</summary>
    public SpoolSync Sync { get; set; } = SpoolSync.Always;

    /// <summary>With <c>sync: interval</c>, the longest time between two flushes to disk.</summary>
    [Within("00:00:00.010", "01:00:00")]
    public TimeSpan SyncInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Free disk space that records leave alone, so that cursors and dead letters can always be written.</summary>
    [Within(0, 1_125_899_906_842_624)]
    public long MinFreeBytes { get; set; } = 64 * 1024 * 1024;
}
