using System.IO.Compression;

namespace Tailscale2Otel.Tailscale;

/// <summary>
/// The body of an answer, decompressed, up to a limit that counts after decompression, and given up when nothing comes for a while.
/// What ends it early is in <see cref="Fault"/>; it throws only for cancellation.
/// </summary>
sealed class BoundedBody : IDisposable
{
    readonly HttpResponseMessage _response;
    readonly long _maxBytes;
    readonly TimeSpan _patience;
    readonly CancellationToken _cancellation;
    readonly CancellationTokenSource _stall;
    readonly CancellationTokenSource _either;
    readonly bool _takesPart;
    Stream? _stream;

    /// <param name="takesPart">What is below the limit is of use without the rest; else an answer that announces more is not begun.</param>
    public BoundedBody(HttpResponseMessage response, long maxBytes, TimeSpan patience, TimeProvider time, bool takesPart, CancellationToken cancellation)
    {
        _takesPart = takesPart;
        _response = response;
        _maxBytes = maxBytes;
        _patience = patience;
        _cancellation = cancellation;
        _stall = new CancellationTokenSource(patience, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _stall.Token);
    }

    /// <summary>Read so far, after decompression.</summary>
    public long Bytes { get; private set; }

    public ApiFault? Fault { get; private set; }

    /// <summary>0 at the end, and when it ends early.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer)
    {
        if (Fault is not null || buffer.IsEmpty)
            return 0;
        try
        {
            _stall.CancelAfter(_patience);
            _stream ??= await OpenAsync();
            if (_stream is null)
                return 0;
            // One byte more than there may be is enough to know.
            var rest = Math.Max(_maxBytes - Bytes, 0);
            var room = buffer.Length <= rest ? buffer.Length : (int)rest + 1;
            var read = await _stream.ReadAsync(buffer[..room], _either.Token);
            // What is done with the bytes takes its own time.
            _stall.CancelAfter(Timeout.InfiniteTimeSpan);
            return Count(read);
        }
        catch (OperationCanceledException) when (!_cancellation.IsCancellationRequested)
        {
            return End(ApiFaultKind.TimedOut, $"the answer stopped for {ApiWords.Seconds(_patience)} (tailscale.http.timeout)");
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            return End(ApiFaultKind.BrokenAnswer, "the connection ended in the middle of it");
        }
        catch (InvalidDataException)
        {
            return End(ApiFaultKind.BrokenAnswer, "its gzip is damaged");
        }
    }

    /// <summary>Its content is not what it should be.</summary>
    public int End(ApiFaultKind kind, string detail)
    {
        Fault ??= new ApiFault(kind, (int)_response.StatusCode, detail);
        return 0;
    }

    public void Dispose()
    {
        _stream?.Dispose();
        _either.Dispose();
        _stall.Dispose();
    }

    int Count(int read)
    {
        Bytes += read;
        if (Bytes <= _maxBytes)
            return read;
        TooLarge();
        return read - 1;
    }

    void TooLarge() => End(ApiFaultKind.TooLarge, $"over {_maxBytes} bytes after decompression");

    async ValueTask<Stream?> OpenAsync()
    {
        var encodings = _response.Content.Headers.ContentEncoding;
        var isPlain = encodings.All(e => e.Equals("identity", StringComparison.OrdinalIgnoreCase));
        if (!isPlain && (encodings.Count != 1 || !encodings.First().Equals("gzip", StringComparison.OrdinalIgnoreCase)))
        {
            End(ApiFaultKind.BrokenAnswer, "its encoding is not the one that was asked for");
            return null;
        }

        if (isPlain && !_takesPart && _response.Content.Headers.ContentLength > _maxBytes)
        {
            TooLarge();
            return null;
        }

        var stream = await _response.Content.ReadAsStreamAsync(_either.Token);
        return isPlain ? stream : new GZipStream(stream, CompressionMode.Decompress);
    }
}
