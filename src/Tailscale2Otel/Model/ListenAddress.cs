using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Tailscale2Otel.Model;

/// <summary>
/// Where a listener binds: <c>:8088</c> and <c>[::]:8088</c> take IPv4 and IPv6, <c>0.0.0.0:8088</c> only IPv4,
/// <c>localhost:8088</c> both loopback addresses, anything else one address.
/// </summary>
sealed record ListenAddress(IPAddress? Address, int Port)
{
    /// <summary>No address: <c>localhost</c>.</summary>
    public bool IsLoopback => Address is null || IPAddress.IsLoopback(Address);

    IPAddress[] Sockets => Address is null ? [IPAddress.Loopback, IPAddress.IPv6Loopback] : [Address];

    /// <summary>Port 0 asks the system for a free one.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ListenAddress? result)
    {
        result = null;
        var colon = text.LastIndexOf(':');
        if (colon < 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > 65535)
            return false;

        var host = text[..colon];
        if (host.Length == 0)
            result = new ListenAddress(IPAddress.IPv6Any, port);
        else if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
            result = new ListenAddress(null, port);
        else if (host[0] == '[')
            result = host[^1] == ']' && IPAddress.TryParse(host.AsSpan(1, host.Length - 2), out var v6) && host.Contains(':') ? new ListenAddress(v6, port) : null;
        else if (host.Split('.').Length == 4 && IPAddress.TryParse(host, out var v4))
            result = new ListenAddress(v4, port);

        return result is not null;
    }

    /// <summary>Whether only one of two listeners could have its address. With port 0 each gets another one.</summary>
    public bool Excludes(ListenAddress other) =>
        Port != 0 && Port == other.Port && Sockets.Any(a => other.Sockets.Any(b => a.Equals(b) || Contains(a, b) || Contains(b, a)));

    public override string ToString() =>
        Address is null ? $"localhost:{Port}" : Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{Address}]:{Port}" : $"{Address}:{Port}";

    static bool Contains(IPAddress all, IPAddress one) =>
        all.Equals(IPAddress.IPv6Any) || (all.Equals(IPAddress.Any) && one.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork);
}
