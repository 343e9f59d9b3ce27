namespace Tailscale2Otel.Enrichment;

/// <summary>Names of registered ports.</summary>
static class PortNames
{
    /// <summary>Empty when the port has no name for this protocol.</summary>
    public static ReadOnlySpan<byte> Lookup(int protocol, int port) => (protocol, port) switch
    {
        (6, 22) => "ssh"u8,
        (6, 443) => "https"u8,
        (17, 443) => "https"u8,
        (6, 5432) => "postgresql"u8,
        _ => default,
    };
}
