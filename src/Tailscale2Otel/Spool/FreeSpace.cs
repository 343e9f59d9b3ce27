namespace Tailscale2Otel.Spool;

/// <summary>Free disk space against the reserve, asked of the system once a second and otherwise reckoned.</summary>
sealed class FreeSpace(SpoolContext context)
{
    static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(1);

    /// <summary>This near to the reserve the system is asked every time: others write to the disk too.</summary>
    const long Near = 64 * 1024 * 1024;

    long _free = long.MinValue / 2;
    long _asked;

    public bool Allows(long bytes)
    {
        var needed = context.Limits.MinFreeBytes + bytes;
        if (_free - needed < Near || context.Time.GetElapsedTime(_asked) >= GoodFor)
        {
            _free = context.Directory.FreeBytes;
            _asked = context.Time.GetTimestamp();
        }

        return _free >= needed;
    }

    public void Spend(long bytes) => _free -= bytes;

    /// <summary>Space was given back; ask again.</summary>
    public void Forget() => _free = long.MinValue / 2;
}
