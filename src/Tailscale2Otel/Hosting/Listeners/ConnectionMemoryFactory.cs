using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace Tailscale2Otel.Hosting.Listeners;

/// <summary>Gives the web server <see cref="ConnectionMemory"/>.</summary>
sealed class ConnectionMemoryFactory : IMemoryPoolFactory<byte>
{
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new ConnectionMemory();
}
