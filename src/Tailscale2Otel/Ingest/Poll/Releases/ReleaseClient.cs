using System.Globalization;
using System.Text.Json;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Ingest.Poll.Releases;

/// <summary>Asks for the latest stable release of the client: one attempt, no credential, no redirect, a bounded answer.</summary>
/// <param name="http">Disposed with the client.</param>
sealed class ReleaseClient(ReleaseOptions options, VersionCheckOptions limits, TimeProvider time, HttpMessageHandler http) : IDisposable
{
    const long MaxBytes = 1024 * 1024;

    /// <summary>A version is shorter; what is longer is not shown to anybody.</summary>
    const int MaxVersion = 64;

    readonly Uri _url = new(options.Url);
    readonly TimeSpan _timeout = limits.Timeout;
    readonly ApiTransport _transport = new(http, limits.Timeout, time);

    /// <summary>The version as it was answered, or why there is none. Throws only for cancellation.</summary>
    public async Task<(string Version, PollFailure? Failure)> AskAsync(CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _url);
        var (response, fault) = await _transport.SendAsync(request, cancellation);
        if (response is null)
            return ("", Failure("transient_failure", InWords(fault!)));
        using (response)
        {
            if (!response.IsSuccessStatusCode)
                return ("", Failure("request_rejected", string.Create(CultureInfo.InvariantCulture, $"answered {(int)response.StatusCode}")));
            using var body = _transport.Open(response, MaxBytes, cancellation);
            using var bytes = await SmallBody.ReadAsync(body);
            if (body.Fault is { } broken)
                return ("", Failure("transient_failure", InWords(broken)));
            var version = Read(bytes.Memory);
            return version.Length > 0 ? (version, null) : ("", Failure("transient_failure", "answered something else than a JSON object with a member Version"));
        }
    }

    public void Dispose() => _transport.Dispose();

    static string Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, LenientJson.Options);
            var version = LenientJson.Text(document.RootElement, "Version");
            return version.Length <= MaxVersion ? version : "";
        }
        catch (JsonException)
        {
            return "";
        }
    }

    string InWords(ApiFault fault) => fault.Kind == ApiFaultKind.TimedOut ? $"said nothing for {ApiWords.Seconds(_timeout)} (version_checks.timeout)" : $"got no whole answer: {fault.Detail.Replace("tailscale.api_url", "version_checks.devices.url", StringComparison.Ordinal)}";

    static PollFailure Failure(string type, string problem) =>
        new(type, $"The latest release of the client is not known anew: version_checks.devices.url {problem}. Check the address and the network, or set version_checks.devices.enabled: false");
}
