using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Spool.DeadLetters;

/// <summary>What a dead letter says before the record itself, see <see cref="DeadLetterLine"/>.</summary>
/// <param name="Time">When it was written.</param>
sealed record DeadLetterHead(DateTimeOffset Time, string Source, string Signal, string Tailnet, string Reason, SpoolPosition Position, long ReceivedAt)
{
    static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = 2 * DeadLetterLine.MaxDepth };

    public DeadLetterId Id { get; } = DeadLetterId.Of(Position, ReceivedAt, Tailnet);

    /// <summary>The backend's, where it was the backend that refused.</summary>
    public int? Status { get; init; }

    public string? Message { get; init; }

    /// <param name="line">The beginning of a line; what counts stands before the record, or the whole line is given.</param>
    /// <returns>False when it is not the beginning of a dead letter.</returns>
    public static bool TryParse(ReadOnlySpan<byte> line, [NotNullWhen(true)] out DeadLetterHead? head)
    {
        var fields = new Fields();
        try
        {
            var reader = new Utf8JsonReader(line, isFinalBlock: false, new JsonReaderState(ReaderOptions));
            if (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            {
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName && fields.TryTake(ref reader))
                {
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            // Behind what was read so far there is no JSON; that may still be enough of a line that was cut.
        }

        head = fields.Build();
        return head is not null;
    }

    ref struct Fields
    {
        DateTimeOffset? _time;
        string? _source;
        string? _signal;
        string? _tailnet;
        string? _reason;
        string? _message;
        int? _status;
        long? _position;
        long? _receivedAt;

        /// <summary>Takes the value of the property that the reader stands on; false when the line is not all there.</summary>
        public bool TryTake(ref Utf8JsonReader reader)
        {
            var name = reader.ValueTextEquals("time"u8) ? 't'
                : reader.ValueTextEquals("source"u8) ? 's'
                : reader.ValueTextEquals("signal"u8) ? 'g'
                : reader.ValueTextEquals("tailnet"u8) ? 'n'
                : reader.ValueTextEquals("reason"u8) ? 'r'
                : reader.ValueTextEquals("status"u8) ? 'c'
                : reader.ValueTextEquals("message"u8) ? 'm'
                : reader.ValueTextEquals("position"u8) ? 'p'
                : reader.ValueTextEquals("received_at_unix_nano"u8) ? 'a'
                : ' ';
            if (!reader.Read())
                return false;

            switch (name)
            {
                case 't': _time = DateTimeOffset.Parse(reader.GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal); break;
                case 's': _source = reader.GetString(); break;
                case 'g': _signal = reader.GetString(); break;
                case 'n': _tailnet = reader.GetString(); break;
                case 'r': _reason = reader.GetString(); break;
                case 'c': _status = reader.GetInt32(); break;
                case 'm': _message = reader.GetString(); break;
                case 'p': _position = reader.GetInt64(); break;
                case 'a': _receivedAt = reader.GetInt64(); break;
                default: return reader.TrySkip();
            }

            return true;
        }

        public readonly DeadLetterHead? Build() =>
            _time is { } time && _source is not null && _signal is not null && _tailnet is not null && _reason is not null
            && _position is { } position && _receivedAt is { } receivedAt
                ? new DeadLetterHead(time, _source, _signal, _tailnet, _reason, new SpoolPosition(position), receivedAt) { Status = _status, Message = _message }
                : null;
    }
}
