using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Spool.DeadLetters;

/// <summary>
/// Names the record of a dead letter in twelve hexadecimal digits, the same ones whenever and for whatever reason it is written.
/// The receive time is in it because positions start again when an operator empties the spool.
/// </summary>
readonly record struct DeadLetterId(long Value)
{
    const int Digits = 12;

    public static DeadLetterId Of(SpoolPosition position, long receivedAt, string tailnet)
    {
        Span<byte> numbers = stackalloc byte[2 * sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(numbers, position.Value);
        BinaryPrimitives.WriteInt64BigEndian(numbers[sizeof(long)..], receivedAt);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData([.. numbers, .. Encoding.UTF8.GetBytes(tailnet)], digest);
        return new DeadLetterId(BinaryPrimitives.ReadInt64BigEndian(digest) & 0xFFFF_FFFF_FFFF);
    }

    public static bool TryParse(string text, out DeadLetterId id)
    {
        var isId = long.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) && text.Length == Digits;
        id = new DeadLetterId(value);
        return isId;
    }

    public override string ToString() => Value.ToString("x12", CultureInfo.InvariantCulture);
}
