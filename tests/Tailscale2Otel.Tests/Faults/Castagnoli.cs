namespace Tailscale2Otel.Tests.Faults;

/// <summary>CRC-32C bit by bit, as RFC 3720 defines it: slow, and not the daemon's.</summary>
static class Castagnoli
{
    const uint Reflected = 0x82F63B78;

    public static uint Of(ReadOnlySpan<byte> bytes) => ~Raw(uint.MaxValue, bytes);

    public static uint Raw(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) * Reflected);
        }

        return crc;
    }
}
