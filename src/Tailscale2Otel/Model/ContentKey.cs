using System.Buffers.Binary;

namespace Tailscale2Otel.Model;

/// <summary>128 bits over what an event says, never over how it travelled; equal keys are the same event.</summary>
readonly record struct ContentKey(ulong High, ulong Low)
{
    /// <param name="digest">At least 16 bytes of a cryptographic digest over the canonical content.</param>
    public static ContentKey From(ReadOnlySpan<byte> digest) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(digest), BinaryPrimitives.ReadUInt64BigEndian(digest[8..]));

    /// <summary>Writes 32 lower-case hex digits.</summary>
    public void WriteHex(Span<byte> destination)
    {
        Span<byte> raw = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(raw, High);
        BinaryPrimitives.WriteUInt64BigEndian(raw[8..], Low);
        _ = Convert.TryToHexStringLower(raw, destination, out _);
    }

    public override string ToString() => $"{High:x16}{Low:x16}";
}
