using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Tailscale2Otel.Enrichment;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Processing.Flow;

/// <summary>
/// The content key of a flow record: SHA-256 over tailnet, node, window and rows in canonical order, in a binary form of
/// our own, cut to 128 bits. Changing one byte of that form makes every record of the overlap a new one: raise
/// <see cref="Version"/> and say so in the changelog. Beside it, in passing, what <see cref="WindowConflicts"/> compares.
/// </summary>
sealed class FlowKey
{
    const byte Version = 1;

    // Type, protocol, two endpoints of family, address, port and zone, four counters of at most ten bytes.
    const int MaxRowLength = 1 + 2 + (2 * (1 + 16 + 2 + 8)) + (4 * 10);

    readonly uint[] _checksums = new uint[4];
    byte[] _buffer = new byte[4096];
    int _length;

    /// <summary>Over tailnet, node and both ends of the window.</summary>
    public ulong Window { get; private set; }

    /// <summary>One for each <see cref="TrafficType"/>, over its rows; 0 when it has none.</summary>
    public ReadOnlySpan<uint> Checksums => _checksums;

    public ContentKey Compute(FlowRecord record, FlowText text, ReadOnlySpan<int> order, string tailnet)
    {
        var node = text[record.NodeId];
        Prepare(64 + (tailnet.Length * 3) + node.Length + (order.Length * MaxRowLength));

        Put(Version);
        var tailnetLength = Encoding.UTF8.GetBytes(tailnet, _buffer.AsSpan(_length + 4));
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(_length), tailnetLength);
        _length += 4 + tailnetLength;
        PutNumber((ulong)node.Length);
        node.CopyTo(_buffer.AsSpan(_length));
        _length += node.Length;
        PutNumber((ulong)record.Start);
        PutNumber((ulong)record.End);

        // Without a window the same rows may well be another report: what else tells reports apart is when they were stored.
        PutNumber(record.Start == 0 && record.End == 0 ? (ulong)record.Logged : 0);
        Window = Hash64.Of(_buffer.AsSpan(0, _length));

        PutNumber((ulong)order.Length);
        PutRows(record.Rows, order);

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        _ = SHA256.HashData(_buffer.AsSpan(0, _length), digest);
        return ContentKey.From(digest);
    }

    void PutRows(ReadOnlySpan<FlowRow> rows, ReadOnlySpan<int> order)
    {
        _checksums.AsSpan().Clear();
        foreach (var index in order)
        {
            ref readonly var row = ref rows[index];
            var start = _length;
            Put((byte)row.Type);
            BinaryPrimitives.WriteInt16LittleEndian(_buffer.AsSpan(_length), row.Protocol);
            _length += 2;
            Put(row.Source);
            Put(row.Destination);
            PutNumber(row.TxPackets);
            PutNumber(row.TxBytes);
            PutNumber(row.RxPackets);
            PutNumber(row.RxBytes);
            ref var checksum = ref _checksums[(int)row.Type];
            checksum = Checksum(checksum, _buffer.AsSpan(start, _length - start));
        }
    }

    void Put(in FlowEndpoint endpoint)
    {
        Put((byte)((byte)endpoint.Address.Family | (endpoint.Zone != 0 ? 0x80 : 0)));
        if (!endpoint.IsPresent)
            return;

        var to = _buffer.AsSpan(_length);
        if (endpoint.Address.Family == IpFamily.V4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(to, (uint)endpoint.Address.Low);
            BinaryPrimitives.WriteUInt16BigEndian(to[4..], endpoint.Port);
            _length += 6;
        }
        else
        {
            BinaryPrimitives.WriteUInt64BigEndian(to, endpoint.Address.High);
            BinaryPrimitives.WriteUInt64BigEndian(to[8..], endpoint.Address.Low);
            BinaryPrimitives.WriteUInt16BigEndian(to[16..], endpoint.Port);
            _length += 18;
        }

        if (endpoint.Zone == 0)
            return;
        BinaryPrimitives.WriteUInt64BigEndian(_buffer.AsSpan(_length), endpoint.Zone);
        _length += 8;
    }

    void Put(byte value) => _buffer[_length++] = value;

    /// <summary>LEB128: seven bits a byte, low ones first.</summary>
    void PutNumber(ulong value)
    {
        while (value >= 0x80)
        {
            Put((byte)(value | 0x80));
            value >>= 7;
        }

        Put((byte)value);
    }

    void Prepare(int needed)
    {
        _length = 0;
        if (_buffer.Length < needed)
            _buffer = new byte[BitOperations.RoundUpToPowerOf2((uint)needed)];
    }

    static uint Checksum(uint checksum, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= 8; bytes = bytes[8..])
            checksum = BitOperations.Crc32C(checksum, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var b in bytes)
            checksum = BitOperations.Crc32C(checksum, b);
        return checksum;
    }
}
