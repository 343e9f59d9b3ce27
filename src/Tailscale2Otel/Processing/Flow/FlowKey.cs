using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;
using Tailscale2Otel.Enrichment;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Processing.Flow;

/// <summary>
/// The content key of a flow record: SHA-256 over tailnet, node, window and rows in canonical order, in a binary form of
/// our own, cut to 128 bits. Changing one byte of that form makes every record of the overlap a new one: raise
/// <see cref="Version"/> and say so in the changelog. Beside it what <see cref="WindowConflicts"/> compares.
/// </summary>
sealed class FlowKey
{
    const byte Version = 1;

    // Type, protocol, two endpoints of family, address, port and zone, four counters of at most ten bytes.
    const int MaxRowLength = 1 + 2 + (2 * (1 + 16 + 2 + 8)) + (4 * 10);

    readonly ulong[] _fingerprints = new ulong[4];
    byte[] _buffer = new byte[4096];

    /// <summary>Over tailnet, node and both ends of the window.</summary>
    public ulong Window { get; private set; }

    /// <summary>One for each <see cref="TrafficType"/>, over the rows of the last <see cref="Fingerprint"/>; 0 when it has none.</summary>
    public ReadOnlySpan<ulong> Fingerprints => _fingerprints;

    public ContentKey Compute(FlowRecord record, FlowText text, ReadOnlySpan<int> order, string tailnet)
    {
        var node = text[record.NodeId];
        Prepare(64 + (tailnet.Length * 3) + node.Length + (order.Length * MaxRowLength));

        var buffer = _buffer;
        buffer[0] = Version;
        var at = 1 + sizeof(int);
        var tailnetLength = Encoding.UTF8.GetBytes(tailnet, buffer.AsSpan(at));
        BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(1), tailnetLength);
        at = PutNumber(buffer, at + tailnetLength, (ulong)node.Length);
        node.CopyTo(buffer.AsSpan(at));
        at = PutNumber(buffer, at + node.Length, (ulong)record.Start);
        at = PutNumber(buffer, at, (ulong)record.End);

        // Without a window the same rows may well be another report: what else tells reports apart is when they were stored.
        at = PutNumber(buffer, at, record.Start == 0 && record.End == 0 ? (ulong)record.Logged : 0);
        Window = Hash64.Of(buffer.AsSpan(0, at));

        at = PutNumber(buffer, at, (ulong)order.Length);
        at = PutRows(buffer, at, record.Rows, order);
        return ContentHash.Of(buffer.AsSpan(0, at));
    }

    /// <summary>Makes <see cref="Fingerprints"/>.</summary>
    public void Fingerprint(FlowRecord record)
    {
        _fingerprints.AsSpan().Clear();
        foreach (ref readonly var row in record.Rows)
            _fingerprints[(int)row.Type] += row.Fingerprint;
    }

    static int PutRows(Span<byte> buffer, int at, ReadOnlySpan<FlowRow> rows, ReadOnlySpan<int> order)
    {
        foreach (var index in order)
        {
            ref readonly var row = ref rows[index];
            buffer[at] = (byte)row.Type;
            BinaryPrimitives.WriteInt16LittleEndian(buffer[(at + 1)..], row.Protocol);
            at = Put(buffer, at + 3, row.Source);
            at = Put(buffer, at, row.Destination);
            at = PutNumber(buffer, at, row.TxPackets);
            at = PutNumber(buffer, at, row.TxBytes);
            at = PutNumber(buffer, at, row.RxPackets);
            at = PutNumber(buffer, at, row.RxBytes);
        }

        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int Put(Span<byte> buffer, int at, in FlowEndpoint endpoint)
    {
        buffer[at++] = (byte)((byte)endpoint.Address.Family | (endpoint.Zone != 0 ? 0x80 : 0));
        if (!endpoint.IsPresent)
            return at;

        var to = buffer[at..];
        if (endpoint.Address.Family == IpFamily.V4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(to, (uint)endpoint.Address.Low);
            BinaryPrimitives.WriteUInt16BigEndian(to[4..], endpoint.Port);
            at += 6;
        }
        else
        {
            BinaryPrimitives.WriteUInt64BigEndian(to, endpoint.Address.High);
            BinaryPrimitives.WriteUInt64BigEndian(to[8..], endpoint.Address.Low);
            BinaryPrimitives.WriteUInt16BigEndian(to[16..], endpoint.Port);
            at += 18;
        }

        if (endpoint.Zone == 0)
            return at;
        BinaryPrimitives.WriteUInt64BigEndian(buffer[at..], endpoint.Zone);
        return at + sizeof(ulong);
    }

    /// <summary>LEB128: seven bits a byte, low ones first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int PutNumber(Span<byte> buffer, int at, ulong value)
    {
        if (value < 1UL << 56)
        {
            // All at once, since nobody can guess how many bytes a counter takes; eight are written, and what is too many written over.
            var length = (int)(((uint)BitOperations.Log2(value | 1) * 37) >> 8) + 1;
            var more = (1UL << (8 * (length - 1))) - 1;
            BinaryPrimitives.WriteUInt64LittleEndian(buffer[at..], Spread(value) | (more & 0x8080_8080_8080_8080));
            return at + length;
        }

        for (; value >= 0x80; value >>= 7)
            buffer[at++] = (byte)(value | 0x80);
        buffer[at] = (byte)value;
        return at + 1;
    }

    /// <summary>Seven bits into each byte, by halves: PDEP would do it at once, but takes a hundred times as long on older processors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong Spread(ulong value)
    {
        value = (value & 0x0000_0000_0FFF_FFFF) | ((value & 0x00FF_FFFF_F000_0000) << 4);
        value = (value & 0x0000_3FFF_0000_3FFF) | ((value & 0x0FFF_C000_0FFF_C000) << 2);
        return (value & 0x007F_007F_007F_007F) | ((value & 0x3F80_3F80_3F80_3F80) << 1);
    }

    void Prepare(int needed)
    {
        if (_buffer.Length < needed)
            _buffer = new byte[BitOperations.RoundUpToPowerOf2((uint)needed)];
    }
}
