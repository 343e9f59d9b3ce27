using Tailscale2Otel.Model;
using Tailscale2Otel.Spool;
using Tailscale2Otel.Spool.DeadLetters;

namespace Tailscale2Otel.Hosting.Redelivery.Letters;

/// <summary>The records of dead letters: from their lines, or, where those were cut, from the spool while it still has them.</summary>
sealed class DeadLetterSource(string directory) : IDisposable
{
    readonly DeadLetterReader _reader = new();
    readonly SpoolLookup _lookup = new(directory);

    /// <summary>The record's spans are good until the next call.</summary>
    /// <returns>Why there is none; else empty.</returns>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public string Read(DeadLetterWalk walk, out RawRecord record)
    {
        var head = walk.Head!;
        var problem = _reader.Read(walk.Scanner!, head, out record);
        if (problem == DeadLetterReader.Unreadable)
            return "its line cannot be read as JSON";
        if (problem.Length == 0)
            return "";

        // What stands at that position now may be a record of a younger spool. A letter is without its tailnet by pii_filter.tailnet_name.
        return _lookup.TryFind(head.Position, out record) && record.ReceivedAt == head.ReceivedAt && (head.Tailnet.Length == 0 || record.Tailnet == head.Tailnet)
            ? ""
            : "only its beginning is in the file, and the spool does not hold it any more";
    }

    public void Dispose()
    {
        _reader.Dispose();
        _lookup.Dispose();
    }
}
