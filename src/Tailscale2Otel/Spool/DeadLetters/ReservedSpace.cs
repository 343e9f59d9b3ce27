namespace Tailscale2Otel.Spool.DeadLetters;

/// <summary>
/// A file that only takes up room, given up when the disk is full: what has to be written for delivery to go on, a dead
/// letter, must not wait for somebody to tidy up. Its content is random, so that no file system makes it small.
/// </summary>
/// <param name="directory">The spool's.</param>
sealed class ReservedSpace(string directory)
{
    public const string FileName = "reserve";
    public const int Bytes = 4 * 1024 * 1024;

    const int Block = 64 * 1024;

    readonly string _path = Path.Combine(directory, FileName);

    /// <summary>Takes the room, if it is not taken already. Does not throw; without room it leaves nothing behind.</summary>
    public bool TryTake()
    {
        try
        {
            if (File.Exists(_path) && new FileInfo(_path).Length == Bytes)
                return true;

            using var file = File.OpenHandle(_path, FileMode.Create, FileAccess.Write);
            var block = new byte[Block];
            for (var offset = 0; offset < Bytes; offset += Block)
            {
                Random.Shared.NextBytes(block);
                RandomAccess.Write(file, block, offset);
            }

            return true;
        }
        catch (Exception e) when (e is IOException || DiskFault.IsFromDisk(e))
        {
            _ = TryGive();
            return false;
        }
    }

    /// <summary>Gives the room up. False when there was none; does not throw.</summary>
    public bool TryGive()
    {
        try
        {
            if (!File.Exists(_path))
                return false;

            File.Delete(_path);
            return true;
        }
        catch (Exception e) when (e is IOException || DiskFault.IsFromDisk(e))
        {
            return false;
        }
    }
}
