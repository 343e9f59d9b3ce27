using System.Buffers;
using System.Text.Json;

namespace Tailscale2Otel.Ingest.Hec;

/// <summary>Writes answers in Splunk's form.</summary>
static class HecAnswer
{
    static ReadOnlySpan<byte> Success => "{\"text\":\"Success\",\"code\":0}"u8;

    /// <param name="eventNumber">Written as <c>invalid-event-number</c>; negative: none.</param>
    /// <param name="ackId">Negative: none.</param>
    public static ValueTask WriteAsync(HttpContext context, HecReply reply, int eventNumber = -1, long ackId = -1)
    {
        var body = new ArrayBufferWriter<byte>(64);
        if (reply == HecReply.Success && ackId < 0)
        {
            body.Write(Success);
        }
        else
        {
            using var json = new Utf8JsonWriter(body);
            json.WriteStartObject();
            json.WriteString("text"u8, reply.Text);
            json.WriteNumber("code"u8, reply.Code);
            if (eventNumber >= 0)
                json.WriteNumber("invalid-event-number"u8, eventNumber);
            if (ackId >= 0)
                json.WriteNumber("ackId"u8, ackId);
            json.WriteEndObject();
        }

        return WriteAsync(context, reply.Status, body.WrittenMemory);
    }

    public static ValueTask WriteAcksAsync(HttpContext context, IEnumerable<KeyValuePair<long, bool>> acks)
    {
        var body = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteStartObject("acks"u8);
            foreach (var (id, isDelivered) in acks)
                json.WriteBoolean(id.ToString(System.Globalization.CultureInfo.InvariantCulture), isDelivered);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return WriteAsync(context, StatusCodes.Status200OK, body.WrittenMemory);
    }

    static async ValueTask WriteAsync(HttpContext context, int status, ReadOnlyMemory<byte> body)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "application/json; charset=UTF-8";
        response.ContentLength = body.Length;
        if (status == StatusCodes.Status503ServiceUnavailable)
            response.Headers.RetryAfter = "1";
        if (status == StatusCodes.Status415UnsupportedMediaType)
            response.Headers.AcceptEncoding = "gzip, zstd, deflate";
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.BodyWriter.WriteAsync(body, context.RequestAborted);
    }
}
