namespace Tailscale2Otel.Benchmarks.Load;

/// <summary>Compressed requests in a file without a name: to compress while the daemon is measured would take its processors.</summary>
sealed class PreparedRequests : IDisposable
{
    const int AtOnce = 64;

    readonly FileStream _file = new(Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.None, 4096, FileOptions.DeleteOnClose);
    readonly long[] _ends;
    readonly long _first;

    /// <param name="bodies">Taken in turn; request numbers are from <paramref name="first"/>.</param>
    public PreparedRequests(IReadOnlyList<LoadRequest> bodies, long first, int count)
    {
        _first = first;
        _ends = new long[count];
        for (var at = 0; at < count; at += AtOnce)
        {
            var requests = new byte[Math.Min(AtOnce, count - at)][];
            Parallel.For(0, requests.Length, i => requests[i] = bodies[(at + i) % bodies.Count].Compressed((first + at + i) * LoadBody.Records));
            for (var i = 0; i < requests.Length; i++)
            {
                _file.Write(requests[i]);
                _ends[at + i] = _file.Position;
                Longest = Math.Max(Longest, requests[i].Length);
            }
        }

        _file.Flush();
    }

    public int Longest { get; private set; }

    public ReadOnlySpan<byte> Read(long request, byte[] buffer)
    {
        var index = request - _first;
        var start = index == 0 ? 0 : _ends[index - 1];
        var span = buffer.AsSpan(0, (int)(_ends[index] - start));
        for (var read = 0; read < span.Length;)
            read += RandomAccess.Read(_file.SafeFileHandle, span[read..], start + read);
        return span;
    }

    public void Dispose() => _file.Dispose();
}
