using System.Buffers;

namespace Tailscale2Otel.Demo;

/// <summary>HEC objects of one log type that wait to be posted together, touching each other without a separator.</summary>
sealed class StreamBatch
{
    readonly ArrayBufferWriter<byte> _body = new(256 * 1024);

    public int Count { get; private set; }

    /// <summary>Timestamp of the first record.</summary>
    public long OpenedAt { get; private set; }

    public ReadOnlyMemory<byte> Body => _body.WrittenMemory;

    public void Add(Action<IBufferWriter<byte>> write, long timestamp)
    {
        if (Count++ == 0)
            OpenedAt = timestamp;
        write(_body);
    }

    public void Clear()
    {
        _body.ResetWrittenCount();
        Count = 0;
    }
}
