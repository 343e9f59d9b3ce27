using System.Buffers.Text;
using System.Runtime.CompilerServices;

namespace Tailscale2Otel.Enrichment;

/// <summary>
/// Service names that IANA registered for ports. The table is PortNames.txt, lines of <c>port,protocol,name</c>, embedded; the
/// tests' PortNamesMerge brings a registry file into it.
/// </summary>
static class PortNames
{
    const int Ports = 65_536;

    static readonly byte[] Text = ReadTable();

    /// <summary>Where the names are in the text; the first is nowhere.</summary>
    static readonly List<NameSlice> Names = [default];

    /// <summary>Number of the name of each port, one table for each transport: 384 KiB for a look-up in one step.</summary>
    static readonly ushort[] Numbers = Parse(Text, Names);

    /// <summary>
    /// A bit for each of the numbers that is not 0: most ports of most traffic are ephemeral and have no name, and 24 KiB stay
    /// in the nearest cache where 384 do not.
    /// </summary>
    static readonly ulong[] Named = NamedOf(Numbers);

    /// <summary>Lower-case ASCII; empty for a port or protocol without a name. Good for ever.</summary>
    /// <param name="protocol">IP protocol number.</param>
    public static ReadOnlySpan<byte> Lookup(int protocol, int port) => NameOf(NumberOf(protocol, port));

    /// <summary>The name's number, which says as much as its text; 0 without a name. For the parameters see <see cref="Lookup"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort NumberOf(int protocol, int port)
    {
        var table = protocol switch { 6 => 0, 17 => 1, 132 => 2, _ => -1 };
        if (table < 0 || port is <= 0 or >= Ports)
            return 0;

        var at = table * Ports + port;
        return (Named[at >> 6] & (1UL << at)) == 0 ? (ushort)0 : Numbers[at];
    }

    /// <summary>The text of a number; empty for 0. Good for ever.</summary>
    public static ReadOnlySpan<byte> NameOf(ushort number)
    {
        var name = Names[number];
        return Text.AsSpan(name.Start, name.Length);
    }

    static byte[] ReadTable()
    {
        using var stream = typeof(PortNames).Assembly.GetManifestResourceStream("PortNames.txt") ??
            throw new InvalidOperationException("The executable lacks its table of port names.");
        var text = new byte[stream.Length];
        stream.ReadExactly(text);
        return text;
    }

    static ushort[] Parse(byte[] text, List<NameSlice> names)
    {
        var numbers = new ushort[3 * Ports];
        foreach (var range in text.AsSpan().Split((byte)'\n'))
        {
            var line = text.AsSpan(range);
            if (!Utf8Parser.TryParse(line, out ushort port, out var digits))
                continue;

            var transport = line[(digits + 1)..];
            transport = transport[..transport.IndexOf((byte)',')];
            var start = digits + transport.Length + 2;
            numbers[TableOf(transport) * Ports + port] = (ushort)names.Count;
            names.Add(new NameSlice(range.Start.Value + start, line.Length - start));
        }

        return numbers;
    }

    static ulong[] NamedOf(ushort[] numbers)
    {
        var named = new ulong[numbers.Length / 64];
        for (var i = 0; i < numbers.Length; i++)
            named[i >> 6] |= numbers[i] != 0 ? 1UL << i : 0;
        return named;
    }

    static int TableOf(ReadOnlySpan<byte> transport) => transport.SequenceEqual("tcp"u8) ? 0 : transport.SequenceEqual("udp"u8) ? 1 : 2;

    readonly record struct NameSlice(int Start, int Length);
}
