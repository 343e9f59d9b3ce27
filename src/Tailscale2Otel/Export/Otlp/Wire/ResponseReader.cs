using System.Buffers.Binary;
using System.Text;

namespace Tailscale2Otel.Export.Otlp.Wire;

/// <summary>
/// The few messages that a backend answers with. Reads what is there and forgives the rest: a broken answer to a request that
/// was accepted changes nothing about its acceptance, and one that was cut counts as far as it came. Does not throw.
/// </summary>
static class ResponseReader
{
    /// <summary>Longest text that is kept of an answer.</summary>
    public const int MaxMessage = 1024;

    /// <summary><c>Export…ServiceResponse</c>: the rejected count and the words of its partial success, 0 and "" without one.</summary>
    public static (long Rejected, string Message) PartialSuccess(ReadOnlySpan<byte> response)
    {
        long rejected = 0;
        var message = "";
        foreach (var field in Fields(response))
        {
            if (field.Number != 1 || !field.IsBytes)
                continue;
            foreach (var inner in Fields(response.Slice(field.Start, field.Length)))
            {
                if (inner is { Number: 1, IsBytes: false })
                    rejected = (long)inner.Value;
                else if (inner is { Number: 2, IsBytes: true })
                    message = Words(response.Slice(field.Start + inner.Start, inner.Length));
            }
        }

        return (Math.Max(0, rejected), message);
    }

    /// <summary><c>google.rpc.Status</c>: its words and the wait of a <c>RetryInfo</c> among its details.</summary>
    public static (string Message, TimeSpan? RetryAfter) Status(ReadOnlySpan<byte> status)
    {
        var message = "";
        TimeSpan? wait = null;
        foreach (var field in Fields(status))
        {
            if (field is { Number: 2, IsBytes: true })
                message = Words(status.Slice(field.Start, field.Length));
            else if (field is { Number: 3, IsBytes: true })
                wait ??= RetryInfo(status.Slice(field.Start, field.Length));
        }

        return (message, wait);
    }

    /// <summary>Printable text of at most <see cref="MaxMessage"/> characters.</summary>
    public static string Words(ReadOnlySpan<byte> utf8) => Words(Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, MaxMessage * 4)]));

    public static string Words(string text)
    {
        text = text.TrimStart();
        var kept = text.AsSpan(0, Math.Min(text.Length, MaxMessage)).ToArray();
        for (var i = 0; i < kept.Length; i++)
        {
            if (char.IsControl(kept[i]) || (i == kept.Length - 1 && char.IsHighSurrogate(kept[i])))
                kept[i] = ' ';
        }

        return new string(kept).Trim();
    }

    static TimeSpan? RetryInfo(ReadOnlySpan<byte> any)
    {
        var isRetryInfo = false;
        ReadOnlySpan<byte> value = default;
        foreach (var field in Fields(any))
        {
            if (field is { Number: 1, IsBytes: true })
                isRetryInfo = any.Slice(field.Start, field.Length).EndsWith("/google.rpc.RetryInfo"u8);
            else if (field is { Number: 2, IsBytes: true })
                value = any.Slice(field.Start, field.Length);
        }

        if (!isRetryInfo)
            return null;

        foreach (var delay in Fields(value))
        {
            if (delay is not { Number: 1, IsBytes: true })
                continue;
            double seconds = 0;
            foreach (var part in Fields(value.Slice(delay.Start, delay.Length)))
                seconds += part.Number == 1 ? (long)part.Value : part.Number == 2 ? (long)part.Value / 1e9 : 0;
            return TimeSpan.FromSeconds(Math.Clamp(seconds, 0, 86_400));
        }

        return TimeSpan.Zero;
    }

    static FieldEnumerator Fields(ReadOnlySpan<byte> message) => new(message);

    readonly record struct Field(int Number, bool IsBytes, int Start, int Length, ulong Value);

    /// <summary>The fields of one message, up to the first that is broken.</summary>
    ref struct FieldEnumerator(ReadOnlySpan<byte> message)
    {
        readonly ReadOnlySpan<byte> _message = message;
        int _at;

        public Field Current { get; private set; }

        public readonly FieldEnumerator GetEnumerator() => this;

        public bool MoveNext()
        {
            if (!Varint(out var tag))
                return false;
            var number = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0 when Varint(out var value):
                    Current = new Field(number, false, 0, 0, value);
                    return true;
                case 1 when _message.Length - _at >= 8:
                    Current = new Field(number, false, 0, 0, BinaryPrimitives.ReadUInt64LittleEndian(_message[_at..]));
                    _at += 8;
                    return true;
                case 2 when Varint(out var length):
                    var kept = (int)Math.Min(length, (ulong)(_message.Length - _at));
                    Current = new Field(number, true, _at, kept, 0);
                    _at += kept;
                    return true;
                case 5 when _message.Length - _at >= 4:
                    Current = new Field(number, false, 0, 0, BinaryPrimitives.ReadUInt32LittleEndian(_message[_at..]));
                    _at += 4;
                    return true;
                default:
                    return false;
            }
        }

        bool Varint(out ulong value)
        {
            value = 0;
            for (var shift = 0; shift < 64 && _at < _message.Length; shift += 7)
            {
                var next = _message[_at++];
                value |= (ulong)(next & 0x7F) << shift;
                if (next < 0x80)
                    return true;
            }

            return false;
        }
    }
}
