using Tailscale2Otel.Model;

namespace Tailscale2Otel.Ingest.Hec;

/// <summary>The raw endpoint's body: every line that is not blank is a record, without its line ending.</summary>
static class HecLineReader
{
    /// <summary>Does not throw. After a fault <paramref name="found"/> is empty.</summary>
    public static HecReadResult Read(ReadOnlySpan<byte> body, HecLimits limits, HecRecords found)
    {
        found.Truncate(0, 0);
        found.Connections = 0;
        var fault = HecFault.None;
        for (var start = 0; start < body.Length && fault == HecFault.None;)
        {
            var length = body[start..].IndexOf((byte)'\n');
            var end = length < 0 ? body.Length : start + length;
            var line = body[start..end].TrimEnd((byte)'\r');
            if (line.IndexOfAnyExcept(" \t\r"u8) >= 0)
            {
                if (found.Count >= limits.Records)
                    fault = HecFault.TooManyRecords;
                else if (line.Length > HecLimits.RecordBytes)
                    fault = HecFault.TooLarge;
                else
                    found.Add(new HecRecord(RecordSignal.RawLine, start, line.Length, -1));
            }

            start = end + 1;
        }

        if (fault == HecFault.None && found.Count == 0)
            fault = HecFault.NoData;
        if (fault != HecFault.None)
            found.Truncate(0, 0);
        return new HecReadResult(fault);
    }
}
