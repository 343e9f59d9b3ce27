using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Features;

namespace Tailscale2Otel.Demo.ControlPlane;

/// <summary>How the API answers, and how it reads what it is sent.</summary>
static class ApiAnswers
{
    /// <summary>Longer bodies are not read.</summary>
    const int MaxBody = 64 * 1024;

    /// <summary>An error as the API words it.</summary>
    public static Task RefuseAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        return JsonAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteString("message", message);
            json.WriteEndObject();
        });
    }

    /// <summary>An error as the token endpoints word it: plain text with the number of the request.</summary>
    public static async Task RefuseInTextAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync($"{message} (request ID {context.TraceIdentifier})\n", context.RequestAborted);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    public static async Task JsonAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        context.Response.ContentType = "application/json";
        await using (var json = new Utf8JsonWriter(context.Response.BodyWriter))
            write(json);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    /// <summary>The body as an object; null, and answered with 400, when it is none.</summary>
    public static async Task<JsonObject?> ReadObjectAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = MaxBody;
        try
        {
            if (await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted) is JsonObject body)
                return body;
        }
        catch (JsonException)
        {
            // Answered below.
        }

        await RefuseAsync(context, StatusCodes.Status400BadRequest, "the body is not a JSON object");
        return null;
    }
}
