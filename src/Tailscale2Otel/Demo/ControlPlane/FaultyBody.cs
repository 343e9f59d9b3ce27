namespace Tailscale2Otel.Demo.ControlPlane;

/// <summary>A body that goes wrong after so many bytes.</summary>
sealed class FaultyBody(Stream body, ControlPlaneFault fault, HttpContext context, TimeProvider time) : Stream
{
    long _left = fault.Bytes;
    bool _isOver;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (fault.Kind == FaultKind.BodySlow)
        {
            await WriteSlowlyAsync(buffer);
            return;
        }

        var room = (int)Math.Min(_left, buffer.Length);
        if (room > 0)
            await body.WriteAsync(buffer[..room], cancellationToken);
        _left -= room;
        if (_left == 0)
            await GoWrongAsync();
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => _isOver ? Task.CompletedTask : body.FlushAsync(cancellationToken);

    /// <summary>A body that was too short for its fault goes wrong at its end.</summary>
    public Task EndAsync() => fault.Kind == FaultKind.BodySlow ? Task.CompletedTask : GoWrongAsync();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    async Task GoWrongAsync()
    {
        if (_isOver)
            return;
        _isOver = true;
        await body.FlushAsync(context.RequestAborted);
        if (fault.Kind == FaultKind.BodyStops)
            await Task.Delay(Timeout.InfiniteTimeSpan, time, context.RequestAborted);
        // An answer that fails when it has begun is sent as far as it got, and then the connection is closed without a last chunk.
        else if (fault.Kind == FaultKind.BodyCut)
            throw new IOException("simulated end of the connection");
        // A short body is left as it is: the server ends the connection when it finds that bytes are missing.
    }

    async Task WriteSlowlyAsync(ReadOnlyMemory<byte> buffer)
    {
        for (; buffer.Length > 0; buffer = buffer[(int)Math.Min(fault.Bytes, buffer.Length)..])
        {
            await Task.Delay(fault.Pause, time, context.RequestAborted);
            await body.WriteAsync(buffer[..(int)Math.Min(fault.Bytes, buffer.Length)], context.RequestAborted);
            await body.FlushAsync(context.RequestAborted);
        }
    }
}
