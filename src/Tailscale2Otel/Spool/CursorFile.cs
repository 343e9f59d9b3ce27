namespace Tailscale2Otel.Spool;

/// <summary>
/// Two slots written in turn, in place and a disk page apart: a torn write leaves the other slot, and no move of a cursor
/// needs free disk space.
/// </summary>
sealed class CursorFile(SpoolDirectory directory, bool flush) : IDisposable
{
    public const string Name = "cursors";

    const int SlotSpacing = 4096;

    SpoolFile? _file;
    long _sequence;

    /// <summary>One of the slots that <see cref="Load"/> found had been written and was not sound.</summary>
    public bool HasLostSlot { get; private set; }

    /// <summary>The newest sound slot; null when there is none.</summary>
    /// <param name="exists">Whether there was a file at all.</param>
    /// <exception cref="IOException">The file can be neither opened nor created.</exception>
    public CursorState? Load(out bool exists)
    {
        exists = true;
        try
        {
            _file = directory.OpenWrite(Name);
        }
        catch (FileNotFoundException)
        {
            exists = false;
            _file = directory.Create(Name);
            Occupy(_file);
        }

        var newest = Read(_file, out _sequence, out var sound);
        HasLostSlot = sound == 1 && _sequence > 1;
        return newest;
    }

    /// <summary>The newest sound slot of a file; null when there is none.</summary>
    /// <param name="sound">How many are sound.</param>
    /// <exception cref="IOException">The disk does not give it.</exception>
    public static CursorState? Read(SpoolFile file, out long newestSequence, out int sound)
    {
        CursorState? newest = null;
        (newestSequence, sound) = (0, 0);
        Span<byte> slot = stackalloc byte[CursorState.Size];
        for (var i = 0; i < 2; i++)
        {
            var read = file.Read(i * SlotSpacing, slot);
            if (!CursorState.TryRead(slot[..read], out var sequence, out var state))
                continue;

            sound++;
            if (newest is null || sequence > newestSequence)
                (newest, newestSequence) = (state, sequence);
        }

        return newest;
    }

    /// <summary>Atomic: after a crash at any moment the file says this or what it said before.</summary>
    /// <param name="mustFlush">Whatever the setting is.</param>
    /// <exception cref="IOException">The disk failed; the file says what it said before.</exception>
    public void Save(in CursorState state, bool mustFlush = false)
    {
        _file ??= directory.OpenWrite(Name);
        Span<byte> slot = stackalloc byte[CursorState.Size];
        state.Write(slot, _sequence + 1);
        _file.Write(((_sequence + 1) & 1) * SlotSpacing, slot);
        if (flush || mustFlush)
            _file.Flush();
        _sequence++;
    }

    /// <summary>After a failure: the next <see cref="Save"/> opens the file again.</summary>
    public void Reopen()
    {
        _file?.Dispose();
        _file = null;
    }

    public void Dispose() => Reopen();

    /// <summary>Both slots have their place from the beginning, so that no cursor needs a disk that has just become full.</summary>
    static void Occupy(SpoolFile file)
    {
        Span<byte> nothing = stackalloc byte[CursorState.Size];
        nothing.Clear();
        file.Write(0, nothing);
        file.Write(SlotSpacing, nothing);
    }
}
