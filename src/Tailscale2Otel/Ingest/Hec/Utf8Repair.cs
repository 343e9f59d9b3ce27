using System.Text;

namespace Tailscale2Otel.Ingest.Hec;

/// <summary>
/// Replaces what is not UTF-8 by U+FFFD, as Splunk and browsers do. JSON must be UTF-8 (RFC 8259, section 8.1), but a log line in
/// another encoding is no reason to refuse the records around it; and since OTLP strings must be UTF-8 too (one bad string makes
/// a backend refuse the whole request), nothing else may get into the spool.
/// </summary>
static class Utf8Repair
{
    /// <summary>Copies a body that is not valid UTF-8; false when it outgrows the destination's limit.</summary>
    public static BodyOutcome Copy(ReadOnlySpan<byte> body, BodyBuffer destination)
    {
        while (!body.IsEmpty)
        {
            var valid = ValidLength(body, out var invalid);
            var outcome = destination.Append(body[..valid]);
            if (outcome == BodyOutcome.Read && invalid > 0)
                outcome = destination.Append("\uFFFD"u8);
            if (outcome != BodyOutcome.Read)
                return outcome;
            body = body[(valid + invalid)..];
        }

        return BodyOutcome.Read;
    }

    static int ValidLength(ReadOnlySpan<byte> body, out int invalid)
    {
        var valid = 0;
        while (valid < body.Length)
        {
            // Most of it is ASCII even where some of it is not UTF-8.
            var plain = body[valid..].IndexOfAnyExceptInRange((byte)0, (byte)0x7F);
            valid = plain < 0 ? body.Length : valid + plain;
            if (valid == body.Length)
                break;
            if (Rune.DecodeFromUtf8(body[valid..], out _, out var length) != System.Buffers.OperationStatus.Done)
            {
                invalid = length;
                return valid;
            }

            valid += length;
        }

        invalid = 0;
        return valid;
    }
}
