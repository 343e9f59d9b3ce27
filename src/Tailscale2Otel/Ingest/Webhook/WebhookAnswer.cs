using System.Text.Json;

namespace Tailscale2Otel.Ingest.Webhook;

/// <summary>Writes answers: 200 and nothing, or a refusal as <c>{"error":"bad_signature","message":"…"}</c>.</summary>
static class WebhookAnswer
{
    public static ValueTask AcceptAsync(HttpContext context)
    {
        context.Response.ContentLength = 0;
        return ValueTask.CompletedTask;
    }

    public static async ValueTask RefuseAsync(HttpContext context, WebhookReply reply)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new WebhookRefusal(reply.Reason, reply.Text), WebhookRefusalJson.Default.WebhookRefusal);
        var response = context.Response;
        response.StatusCode = reply.Status;
        response.ContentType = "application/json; charset=UTF-8";
        response.ContentLength = body.Length;
        if (reply.Status == StatusCodes.Status503ServiceUnavailable)
            response.Headers.RetryAfter = "1";
        if (reply == WebhookReply.MethodNotAllowed)
            response.Headers.Allow = HttpMethods.Post;
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.BodyWriter.WriteAsync(body, context.RequestAborted);
    }
}
