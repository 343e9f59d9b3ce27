namespace Tailscale2Otel.Ingest.Hec;

/// <summary>
/// Reads memory and hands out its last byte alone, so that it shows whether a decoder needed the data to its end. One that
/// stops earlier never asks for that byte.
/// </summary>
sealed class TailStream(ReadOnlyMemory<byte> data) : Stream
{
    int _position;

    public bool IsDrained => _position == data.Length;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var before = data.Length - 1 - _position;
        var count = Math.Min(buffer.Length, before > 0 ? before : data.Length - _position);
        data.Span.Slice(_position, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
