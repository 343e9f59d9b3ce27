using System.Text.Json;
using Tailscale2Otel.Demo.Simulation;
using Tailscale2Otel.Model;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Demo.ControlPlane;

/// <summary><c>…/logging/{logType}/stream</c> and <c>…/stream/status</c>.</summary>
sealed class StreamEndpoints(ControlPlaneSettings settings, LogStreams streams)
{
    /// <summary>A private destination is shared with Tailscale and let through by the policy, which the credential must be allowed to change.</summary>
    static readonly string[] PrivateScopes = ["device_invites", "policy_file"];

    public async Task HandleAsync(HttpContext context, LogType type, ScopeSet scopes)
    {
        switch (context.Request.Method)
        {
            case "PUT":
                await PutAsync(context, type, scopes);
                break;
            case "DELETE":
                await streams.SetAsync(type, null);
                break;
            default:
                await GetAsync(context, type);
                break;
        }
    }

    public Task StatusAsync(HttpContext context, LogType type) => streams[type] is { } stream
        ? ApiAnswers.JsonAsync(context, json => Write(json, stream.Delivery))
        : NoneAsync(context);

    async Task PutAsync(HttpContext context, LogType type, ScopeSet scopes)
    {
        if (await ApiAnswers.ReadObjectAsync(context) is not { } body)
            return;
        if (StreamDestination.Of(body, settings.Tailnet, out var problem) is not { } destination)
            await ApiAnswers.RefuseAsync(context, StatusCodes.Status400BadRequest, problem);
        else if (destination.IsPrivate && PrivateScopes.FirstOrDefault(scope => !scopes.Covers(scope)) is { } missing)
            await ApiAnswers.RefuseAsync(context, StatusCodes.Status403Forbidden, $"a private endpoint needs the scope {missing}");
        else
            await streams.SetAsync(type, destination);
    }

    Task GetAsync(HttpContext context, LogType type) => streams[type] is { } stream
        ? ApiAnswers.JsonAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteString("logType", type == LogType.Network ? "network" : "configuration");
            foreach (var (name, value) in stream.Destination.Members)
            {
                json.WritePropertyName(name);
                if (value is null)
                    json.WriteNullValue();
                else
                    value.WriteTo(json);
            }

            json.WriteEndObject();
        })
        : NoneAsync(context);

    static void Write(Utf8JsonWriter json, StreamDelivery delivery)
    {
        json.WriteStartObject();
        json.WriteString("lastActivity", delivery.LastActivity is { } activity ? GoTime.Format(UnixTime.Nanoseconds(activity)) : "0001-01-01T00:00:00Z");
        json.WriteString("lastError", delivery.LastError);
        json.WriteNumber("maxBodySize", 11_059_200);
        json.WriteNumber("maxNumEntries", SimulatedStream.LargestBatch);
        json.WriteNumber("numBytesSent", delivery.Bytes);
        json.WriteNumber("numEntriesSent", delivery.Entries);
        json.WriteNumber("numSpoofedEntries", delivery.Spoofed);
        json.WriteNumber("numTotalRequests", delivery.Requests);
        json.WriteNumber("numMaxBodyRequests", 0);
        json.WriteNumber("numFailedRequests", delivery.Failed);
        json.WriteNumber("numTotalRequestNanoSecs", delivery.Requests * 91_234_567);
        json.WriteStartArray("numTotalNanoSecsPerProgress");
        json.WriteNumberValue(0);
        json.WriteNumberValue(delivery.Requests * 91_234_567);
        json.WriteEndArray();
        // Averages that decay; of a stream that has been quiet for long they are next to nothing.
        json.WriteNumber("rateBytesSent", delivery.Bytes / 60.0);
        json.WriteNumber("rateEntriesSent", delivery.Entries / 60.0);
        json.WriteNumber("rateTotalRequests", delivery.Requests / 60.0);
        json.WriteNumber("rateFailedRequests", delivery.Failed == 0 ? 4e-157 : delivery.Failed / 60.0);
        json.WriteEndObject();
    }

    static Task NoneAsync(HttpContext context) => ApiAnswers.RefuseAsync(context, StatusCodes.Status404NotFound, "log streaming is not configured");
}
