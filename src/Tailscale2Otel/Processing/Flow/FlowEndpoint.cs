using System.Runtime.CompilerServices;
using Tailscale2Otel.Enrichment;

namespace Tailscale2Otel.Processing.Flow;

/// <summary>One end of a connection: <c>address:port</c> taken apart once. The default is an absent end.</summary>
struct FlowEndpoint
{
    const int MaxZoneLength = 64;

    /// <summary>As received.</summary>
    public TextSlice Text;

    /// <summary>The address without brackets and port, with its zone.</summary>
    public TextSlice Host;

    public IpValue Address;

    /// <summary>Hash of the zone, which has no number of its own; 0 without one.</summary>
    public ulong Zone;

    /// <summary>0: none.</summary>
    public ushort Port;

    public readonly bool IsPresent => Address.Family != IpFamily.None;

    /// <summary>
    /// Takes <c>v4:port</c>, <c>[v6%zone]:port</c> and either without port; port 0 and an empty port are none.
    /// </summary>
    /// <returns>False when the text is not that; the endpoint is then absent.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, TextSlice slice, out FlowEndpoint endpoint)
    {
        endpoint = default;
        if (!Split(text, out var start, out var length, out var port) || !TryParsePort(port, out endpoint.Port))
            return false;

        var host = text.Slice(start, length);
        var zone = host.IndexOf((byte)'%');
        if (zone >= 0)
        {
            var name = host[(zone + 1)..];
            if (name.IsEmpty || name.Length > MaxZoneLength || !host[..zone].Contains((byte)':'))
                return false;
            endpoint.Zone = Hash64.Of(name) | 1;
        }

        if (!IpText.TryParse(zone < 0 ? host : host[..zone], out endpoint.Address))
            return false;

        endpoint.Text = slice;
        endpoint.Host = slice.Sub(start, length);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Compare(in FlowEndpoint a, in FlowEndpoint b)
    {
        if (a.Address.Family != b.Address.Family)
            return a.Address.Family < b.Address.Family ? -1 : 1;
        if (a.Address.High != b.Address.High)
            return a.Address.High < b.Address.High ? -1 : 1;
        if (a.Address.Low != b.Address.Low)
            return a.Address.Low < b.Address.Low ? -1 : 1;
        if (a.Port != b.Port)
            return a.Port < b.Port ? -1 : 1;
        return a.Zone.CompareTo(b.Zone);
    }

    static bool Split(ReadOnlySpan<byte> text, out int start, out int length, out ReadOnlySpan<byte> port)
    {
        start = 0;
        length = text.Length;
        port = default;
        if (text.IsEmpty)
            return false;

        if (text[0] == '[')
        {
            var close = text.IndexOf((byte)']');
            if (close < 0 || !text[..close].Contains((byte)':'))
                return false;
            start = 1;
            length = close - 1;
            if (close + 1 == text.Length)
                return true;
            port = text[(close + 2)..];
            return text[close + 1] == ':';
        }

        var colon = text.IndexOf((byte)':');
        if (colon >= 0 && !text[(colon + 1)..].Contains((byte)':'))
        {
            length = colon;
            port = text[(colon + 1)..];
        }

        return true;
    }

    static bool TryParsePort(ReadOnlySpan<byte> text, out ushort port)
    {
        port = 0;
        var value = 0;
        if (text.Length > 5)
            return false;

        foreach (var c in text)
        {
            if (!char.IsAsciiDigit((char)c))
                return false;
            value = (value * 10) + (c - '0');
        }

        port = (ushort)value;
        return value <= ushort.MaxValue;
    }
}
