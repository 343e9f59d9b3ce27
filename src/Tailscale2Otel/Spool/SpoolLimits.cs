namespace Tailscale2Otel.Spool;

/// <summary>The numbers of <see cref="SpoolOptions"/> as the running spool keeps them.</summary>
sealed record SpoolLimits(long MaxBytes, long SegmentBytes, TimeSpan Retention, SpoolSync Sync, TimeSpan SyncInterval, long MinFreeBytes)
{
    public SpoolLimits(SpoolOptions options)
        : this(options.MaxBytes, options.SegmentBytes, options.Retention, options.Sync, options.SyncInterval, options.MinFreeBytes)
    {
    }

    public bool FlushesBeforeAnswer => Sync == SpoolSync.Always;
}
