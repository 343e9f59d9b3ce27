using System.Buffers;
using System.Collections.Concurrent;

namespace Tailscale2Otel.Hosting.Listeners;

/// <summary>
/// What connections receive into. The web server's own pool has blocks of 4 KiB, so that a usual body of 140 KB takes 35 reads
/// of the socket, each of which costs more than the bytes it brings (docs/performance.md). A connection holds a block only
/// while there is something to read or write.
/// </summary>
sealed class ConnectionMemory : MemoryPool<byte>
{
    const int BlockBytes = 32 * 1024;

    /// <summary>Blocks kept for reuse, 8 MiB; those of more connections go to the garbage collector.</summary>
    const int MostKept = 256;

    readonly ConcurrentQueue<Block> _kept = new();
    int _count;

    public override int MaxBufferSize => BlockBytes;

    /// <param name="minBufferSize">-1 for any size.</param>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockBytes);
        if (!_kept.TryDequeue(out var block))
            return new Block(this);

        Interlocked.Decrement(ref _count);
        block.Rented();
        return block;
    }

    /// <summary>Lets go of what is kept. The other listeners go on with new blocks.</summary>
    protected override void Dispose(bool disposing)
    {
        while (_kept.TryDequeue(out _))
            Interlocked.Decrement(ref _count);
    }

    void Keep(Block block)
    {
        if (Interlocked.Increment(ref _count) <= MostKept)
            _kept.Enqueue(block);
        else
            Interlocked.Decrement(ref _count);
    }

    /// <summary>Pinned for good, so that no read has to pin it. Given back twice in a row it is kept once: two connections in one block would mix their bytes.</summary>
    sealed class Block(ConnectionMemory pool) : IMemoryOwner<byte>
    {
        int _isRented = 1;

        public Memory<byte> Memory { get; } = GC.AllocateUninitializedArray<byte>(BlockBytes, pinned: true);

        public void Rented() => Volatile.Write(ref _isRented, 1);

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isRented, 0) == 1)
                pool.Keep(this);
        }
    }
}
