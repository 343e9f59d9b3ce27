using Tailscale2Otel.Model;

namespace Tailscale2Otel.Processing.Deduplication;

/// <summary>
/// The content keys of recent records with the spool position that owns each. A record is a duplicate only of another
/// position, so that reading a record again after a crash is harmless. One thread's.
/// <para>
/// What it holds follows from the records alone, in their order: the last so many keys, as far as they are not older than the
/// window by the <see cref="WindowClock"/>. Keys are sealed into files in generations; those claimed since the last seal are
/// learnt again after a restart, by reading the spool from <see cref="RebuildFrom"/>.
/// </para>
/// </summary>
sealed partial class DeduplicationWindow
{
    const int GenerationsInWindow = 16;

    /// <summary>A quiet tailnet must not keep the spool from deleting what only the window still needs.</summary>
    static readonly TimeSpan LongestGeneration = TimeSpan.FromMinutes(10);

    readonly KeyTable _table;
    readonly GenerationFiles? _files;
    readonly DeduplicationCounts _counts;
    readonly ILogger? _log;
    readonly WindowClock _clock = new();
    readonly List<Generation> _sealed = [];
    readonly int _keysInGeneration;
    readonly long _windowSeconds;
    int _active;
    uint _activeSince;
    int _nextTry;
    SpoolPosition? _lost;

    /// <summary>A window in memory alone, with the default limits.</summary>
    public DeduplicationWindow()
        : this(new DeduplicationOptions())
    {
    }

    /// <summary>A window in memory alone.</summary>
    public DeduplicationWindow(DeduplicationOptions options)
        : this(options, null, new DeduplicationCounts("memory", options.MaxKeys), null)
    {
    }

    DeduplicationWindow(DeduplicationOptions options, GenerationFiles? files, DeduplicationCounts counts, ILogger? log)
    {
        _table = new KeyTable(options.MaxKeys);
        _files = files;
        _log = log;
        _counts = counts;
        _windowSeconds = (long)options.Window.TotalSeconds;
        _keysInGeneration = Math.Max(1, options.MaxKeys / GenerationsInWindow);
        _nextTry = _keysInGeneration;
    }

    public int Count => _table.Count;

    /// <summary>Keys may have gone before their time; when it is not full, none has that would still be in the window.</summary>
    public bool IsFull => _table.IsFull;

    /// <summary>False when a file of keys was lost, of which the spool may give back only some.</summary>
    public bool IsWhole => _lost is null;

    /// <summary>Bytes that the keys take in memory.</summary>
    public long Memory => _table.Memory;

    /// <summary>
    /// Where the spool must be read from after a restart, for records that are not to be delivered or counted again: to learn
    /// the keys that are in no file. The spool's <c>Keyed</c> cursor follows it.
    /// </summary>
    public SpoolPosition RebuildFrom { get; private set; }

    /// <summary>How far the files reach when every record before <paramref name="ground"/> was looked at.</summary>
    public SpoolPosition KeyedUpTo(SpoolPosition ground) => _active == 0 ? ground : RebuildFrom;

    /// <summary>Where learning has to begin after a restart: at the cursor, or before it where a file was lost.</summary>
    public SpoolPosition LearnFrom(SpoolPosition keyed) => _lost is { } lost && lost < keyed ? lost : keyed;

    /// <summary>Loads what the last run sealed. The keys of damaged files are learnt again, and then the files are put aside.</summary>
    /// <param name="counts">What the window's instruments read.</param>
    /// <exception cref="IOException">The directory can be neither created nor read.</exception>
    public static DeduplicationWindow Open(DeduplicationOptions options, GenerationFiles files, DeduplicationCounts counts, ILogger log)
    {
        var window = new DeduplicationWindow(options, files, counts, log);
        window.Load(files, options.MaxKeys);
        return window;
    }

    /// <summary>To be called as soon as a key is known that will be claimed after something else was done: its place in memory is far away.</summary>
    public void Expect(in ContentKey key) => _table.Expect(key);

    /// <summary>True when the key is now, or was already, owned by this position; false when another position owns it.</summary>
    /// <param name="receivedAt">Unix nanoseconds of the record's append.</param>
    public bool TryClaim(in ContentKey key, SpoolPosition position, long receivedAt)
    {
        var received = SecondsOf(receivedAt);
        _clock.Follow(position, received);
        Expire(_clock.Now);
        if (_table.TryFind(key, out var owner))
            return owner == position.Value;

        if (_table.IsFull)
        {
            RemoveOldest();
            _counts.EvictByCount();
        }

        _table.Add(new OwnedKey(key.High, key.Low, position.Value, _clock.Now));
        _counts.Hold(_table.Count);
        if (_files is null)
            return true;

        if (_active++ == 0)
            _activeSince = received;
        if (_active >= _nextTry || (_nextTry == _keysInGeneration && IsOld(received)))
            Seal();
        return true;
    }

    /// <summary>Whether another position owns the key; claims nothing.</summary>
    public bool IsOwnedByAnother(in ContentKey key, SpoolPosition position) => _table.TryFind(key, out var owner) && owner != position.Value;

    /// <summary>Who owns the key; claims nothing.</summary>
    public bool TryFindOwner(in ContentKey key, out SpoolPosition owner)
    {
        var isFound = _table.TryFind(key, out var position);
        owner = new SpoolPosition(position);
        return isFound;
    }

    /// <summary>Seals the newest keys when they have waited long enough or the disk did not take them; for when no record comes that would.</summary>
    /// <param name="now">Unix nanoseconds.</param>
    public void SealIfDue(long now)
    {
        _files?.Occupy(_keysInGeneration);
        if (_active > 0 && (IsOld(SecondsOf(now)) || _nextTry != _keysInGeneration))
            Seal();
    }

    /// <summary>
    /// Writes the keys claimed since the last seal to a file of their own and moves <see cref="RebuildFrom"/>. False when the
    /// disk did not take them: then they are learnt again after a restart, and a later seal takes them with it.
    /// </summary>
    public bool Seal()
    {
        if (_files is null || _active == 0)
            return true;

        var keys = _table.Newest(_active);
        var (first, last) = (long.MaxValue, 0L);
        foreach (ref readonly var key in keys)
        {
            first = Math.Min(first, key.Position);
            last = Math.Max(last, key.Position);
        }

        var generation = new Generation(first, last, keys.Length);
        try
        {
            _files.Save(generation.Name, keys);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            // .NET reports a file over the process's size limit (EFBIG) as a bad argument.
            if (_log is not null && _nextTry == _keysInGeneration)
                Log.NotSealed(_log, e.Message);
            _nextTry = _active + Math.Max(1, _keysInGeneration / 8);
            return false;
        }

        _sealed.Add(generation);
        _files.PutAsideDamaged(last, generation.Name);
        // The record at the last position is read once more after a restart: where the next begins is not known here.
        RebuildFrom = new SpoolPosition(last);
        _active = 0;
        _nextTry = _keysInGeneration;
        DeleteEvicted(_files);
        _files.Occupy(_keysInGeneration);
        return true;
    }

    /// <summary>
    /// Files go only when a seal moves the point of rebuilding: until then a restart has to find the window as it was there.
    /// </summary>
    void DeleteEvicted(GenerationFiles files)
    {
        var alive = 0L;
        var oldest = _sealed.Count;
        while (oldest > 0 && alive < _table.Count)
            alive += _sealed[--oldest].Count;

        for (var i = 0; i < oldest; i++)
            files.Delete(_sealed[i].Name);
        _sealed.RemoveRange(0, oldest);
    }

    void Load(GenerationFiles files, int maxKeys)
    {
        List<OwnedKey[]> loaded = [];
        long? lost = null;
        foreach (var (first, last, name) in files.List())
        {
            if (files.Load(name, last) is not { } keys)
            {
                lost = Math.Min(lost ?? first, first);
                _counts.Damage();
                continue;
            }

            loaded.Add(keys);
            _sealed.Add(new Generation(first, last, keys.Length));
            RebuildFrom = new SpoolPosition(last);
        }

        if (lost is { } from)
        {
            _lost = new SpoolPosition(from);
            RebuildFrom = new SpoolPosition(Math.Min(from, RebuildFrom.Value));
        }

        var skip = loaded.Sum(k => (long)k.Length) - maxKeys;
        var oldestKept = loaded is [.., [.., var newest]] ? newest.ClaimedAtSeconds - _windowSeconds : 0;
        foreach (var keys in loaded)
        {
            foreach (ref readonly var key in keys.AsSpan())
            {
                _clock.Resume(new SpoolPosition(key.Position), key.ClaimedAtSeconds);
                if (skip-- > 0 || (_table.Count == 0 && key.ClaimedAtSeconds < oldestKept))
                    continue;
                if (!_table.TryFind(new ContentKey(key.High, key.Low), out _))
                    _table.Add(key);
            }
        }

        _counts.Hold(_table.Count);
        files.Occupy(_keysInGeneration);
    }

    void Expire(uint now)
    {
        while (_table.Count > 0 && _table.Oldest.ClaimedAtSeconds < now - _windowSeconds)
        {
            RemoveOldest();
            _counts.EvictByAge();
        }
    }

    void RemoveOldest()
    {
        _table.RemoveOldest();
        _active = Math.Min(_active, _table.Count);
    }

    /// <summary>Also when the clock was set back: what waits must not wait until it is there again.</summary>
    bool IsOld(uint now) => Math.Abs(now - (long)_activeSince) >= (long)LongestGeneration.TotalSeconds;

    static uint SecondsOf(long unixNanoseconds) => (uint)Math.Clamp(unixNanoseconds / 1_000_000_000, 0, uint.MaxValue);

    static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The deduplication keys cannot be written, the spool keeps their records meanwhile: {Error}")]
        public static partial void NotSealed(ILogger log, string error);
    }
}
