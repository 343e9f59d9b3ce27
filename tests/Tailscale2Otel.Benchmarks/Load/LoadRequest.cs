using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Tailscale2Otel.Benchmarks.Load;

/// <summary>A body with its HTTP request around it, in chunks as Tailscale sends them; only the sequence numbers change.</summary>
sealed class LoadRequest
{
    const int ChunkBytes = 8192;

    readonly LoadBody _body;
    readonly byte[] _bytes;
    readonly int[] _places;

    public LoadRequest(LoadBody body)
    {
        _body = body;
        // Chunks that end with a record leave the numbers in one piece.
        List<int> ends = [];
        foreach (var place in body.Places)
        {
            var start = body.Bytes.AsSpan(0, place).LastIndexOf("{\"time\":"u8);
            if (start - (ends.Count == 0 ? 0 : ends[^1]) >= ChunkBytes)
                ends.Add(start);
        }

        ends.Add(body.Bytes.Length);
        var shift = new int[body.Bytes.Length];
        _bytes = Frame(body.Bytes, ends, shift, encoding: "");
        _places = [.. body.Places.ToArray().Select(p => p + shift[p])];
    }

    /// <summary>The request with its records numbered from <paramref name="first"/>; until the next call.</summary>
    public ReadOnlySpan<byte> Numbered(long first)
    {
        for (var r = 0; r < _places.Length; r++)
            LoadBody.Write(_bytes.AsSpan(_places[r]), first + r);
        return _bytes;
    }

    /// <summary>The same compressed, of its own.</summary>
    public byte[] Compressed(long first)
    {
        var plain = (byte[])_body.Bytes.Clone();
        for (var r = 0; r < LoadBody.Records; r++)
            LoadBody.Write(plain.AsSpan(_body.Places[r]), first + r);
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(plain);
        var ends = Enumerable.Range(1, (int)output.Length / ChunkBytes).Select(i => i * ChunkBytes).Append((int)output.Length).Distinct();
        return Frame(output.ToArray(), ends, [], "Content-Encoding: gzip\r\n");
    }

    /// <param name="shift">For each byte of the body how far the request moves it; may be empty.</param>
    static byte[] Frame(byte[] body, IEnumerable<int> ends, Span<int> shift, string encoding)
    {
        using var request = new MemoryStream();
        var credential = Convert.ToBase64String(Encoding.ASCII.GetBytes($"tailscale:{LoadDaemon.Token}"));
        request.Write(Encoding.ASCII.GetBytes($"POST /services/collector/event HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {credential}\r\nContent-Type: application/json\r\n{encoding}Transfer-Encoding: chunked\r\n\r\n"));
        var start = 0;
        foreach (var end in ends)
        {
            request.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{end - start:x}\r\n")));
            if (!shift.IsEmpty)
                shift[start..end].Fill((int)request.Position - start);
            request.Write(body.AsSpan(start..end));
            request.Write("\r\n"u8);
            start = end;
        }

        request.Write("0\r\n\r\n"u8);
        return request.ToArray();
    }
}
