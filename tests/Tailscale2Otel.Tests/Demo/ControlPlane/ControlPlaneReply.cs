using System.Net.Http.Headers;
using System.Text.Json;

namespace Tailscale2Otel.Tests.Demo.ControlPlane;

/// <summary>An answer, whole.</summary>
sealed record ControlPlaneReply(int Status, string Body, HttpResponseHeaders Headers, string MediaType)
{
    public JsonElement Json => JsonElement.Parse(Body);

    public string Message => Json.GetProperty("message").GetString()!;
}
