using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace Tailscale2Otel.Hosting.Listeners;

/// <summary>Gives the web server <see cref="ConnectionMemory"/>: one for all listeners and queues, which would each ask for their own, so that its bound is the process's.</summary>
sealed class ConnectionMemoryFactory : IMemoryPoolFactory<byte>, IDisposable
{
    readonly ConnectionMemory _memory = new();

    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => _memory;

    public void Dispose() => _memory.Dispose();
}
