using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.Json;
using Tailscale2Otel.Model.Devices;

namespace Tailscale2Otel.Tailscale;

/// <summary>
/// The API of one tailnet. A call makes as many attempts as it is allowed and ends in an answer or a failure in words; it throws
/// only for cancellation. For concurrent use.
/// </summary>
sealed class TailscaleClient : IDisposable
{
    const int MaxDeviceId = 128;

    readonly TimeProvider _time;
    readonly ApiTransport _transport;
    readonly ApiSender _sender;
    readonly ApiMetrics _metrics;
    readonly ApiCaller _caller;
    readonly ErrorText _errors = new();

    /// <param name="http">Sends requests, follows no redirects; null is the platform's. Disposed with the client.</param>
    public TailscaleClient(TailnetSettings tailnet, Meter meter, TimeProvider time, ILogger<TailscaleClient> logger, HttpMessageHandler? http = null)
    {
        Tailnet = tailnet;
        _time = time;
        _transport = new ApiTransport(http ?? ApiTransport.CreateHandler(), tailnet.Http.Timeout, time);
        _metrics = new ApiMetrics(tailnet.Label, meter);
        _errors.AddSecret(tailnet.Auth.Oauth.ClientSecret?.Reveal() ?? "");
        _errors.AddSecret(tailnet.Auth.Apikey?.Reveal() ?? "");
        _sender = new ApiSender(tailnet, _transport, Tokens(_errors), _errors, _metrics, time);
        _caller = new ApiCaller(tailnet, _sender, _metrics, new ApiStates(tailnet.Label, meter, time, logger), time);
    }

    public TailnetSettings Tailnet { get; }

    /// <summary>What was learnt of each operation so far.</summary>
    public ApiStates States => _caller.States;

    /// <summary><c>listTailnetDevices</c>.</summary>
    public Task<ApiResult<IReadOnlyList<Device>>> ListDevicesAsync(CancellationToken cancellation) => GetAsync(
        new ApiRequest(ApiOperation.Devices, "?fields=all"),
        root => Counted(ApiOperation.Devices, DevicesDecoder.Devices(root, out var skipped), skipped),
        cancellation);

    /// <summary>
    /// <c>listNetworkFlowLogs</c> and <c>listConfigurationAuditLogs</c>: the records whose <c>logged</c> is in the window, both ends
    /// inclusive. The answer is decoded while it comes; an attempt that broke off is repeated from its beginning, so that records
    /// may be taken several times.
    /// </summary>
    /// <param name="take">
    /// Gets each element of <c>logs</c> as it was sent, in the order of the answer, good until its task ends: one JSON object, or
    /// whatever else the server put there, since what is no record is for the processors to set aside; of one over
    /// <see cref="LogAnswerReader.MaxRecordBytes"/> the beginning. What it throws ends the call.
    /// </param>
    public Task<ApiResult<LogPage>> ReadLogsAsync(
        LogType type, DateTimeOffset from, DateTimeOffset to, Func<LogElement, ValueTask> take, CancellationToken cancellation) =>
        _caller.CallAsync<LogPage>(
            new ApiRequest(ApiOperation.Logs(type), $"?start={Rfc3339(from)}&end={Rfc3339(to)}"),
            async (response, token) =>
            {
                using var body = _transport.Open(response, Tailnet.MaxLogResponseBytes, token);
                using var reader = new LogAnswerReader(body);
                while (await reader.NextAsync())
                    await take(new LogElement(reader.Record, reader.RecordSize));
                return new ApiAttempt<LogPage>(new LogPage(reader.Records, body.Bytes, response.Headers.Date), body.Fault);
            },
            cancellation);

    /// <summary>The destination of a log; a null value when there is none.</summary>
    public Task<ApiResult<LogStreamSink?>> GetLogStreamAsync(LogType type, CancellationToken cancellation) => GetAsync<LogStreamSink?>(
        new ApiRequest(ApiOperation.LogStream(type), IsMissingFine: true), LogStreamDecoder.Sink, cancellation);

    /// <summary>Sets the destination of a log in place of what was there.</summary>
    public Task<ApiResult<bool>> PutLogStreamAsync(LogType type, LogStreamSink sink, CancellationToken cancellation)
    {
        // A server that refuses the request may quote it.
        _errors.AddToken(sink.Token?.Reveal() ?? "");
        return _caller.CallAsync(
            new ApiRequest(ApiOperation.SetLogStream(type), Body: LogStreamDecoder.Write(sink)),
            static (_, _) => Task.FromResult(new ApiAttempt<bool>(true, null)),
            cancellation);
    }

    /// <summary><c>getLogStreamingStatus</c>.</summary>
    public Task<ApiResult<LogStreamStatus>> GetLogStreamStatusAsync(LogType type, CancellationToken cancellation) =>
        GetAsync(new ApiRequest(ApiOperation.LogStreamStatus(type)), LogStreamDecoder.Status, cancellation);

    /// <summary><c>getTailnetSettings</c>.</summary>
    public Task<ApiResult<TailnetFeatures>> GetSettingsAsync(CancellationToken cancellation) =>
        GetAsync(new ApiRequest(ApiOperation.Settings), LogStreamDecoder.Features, cancellation);

    /// <summary>Posture attributes of one device.</summary>
    /// <param name="deviceId"><see cref="Device.NodeId"/> or <see cref="Device.Id"/>.</param>
    public Task<ApiResult<DevicePosture>> GetPostureAttributesAsync(string deviceId, CancellationToken cancellation) =>
        OfDeviceAsync(ApiOperation.PostureAttributes, deviceId, DevicesDecoder.Posture, cancellation);

    /// <summary>Invitations to share one device.</summary>
    /// <param name="deviceId"><see cref="Device.NodeId"/> or <see cref="Device.Id"/>.</param>
    public Task<ApiResult<IReadOnlyList<DeviceInvite>>> ListDeviceInvitesAsync(string deviceId, CancellationToken cancellation) => OfDeviceAsync(
        ApiOperation.DeviceInvites,
        deviceId,
        root => Counted(ApiOperation.DeviceInvites, DevicesDecoder.Invites(root, out var skipped), skipped),
        cancellation);

    public void Dispose() => _sender.Dispose();

    /// <summary>Nanoseconds, as the server writes them, although only the hundreds of them are known here.</summary>
    static string Rfc3339(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'00Z'", CultureInfo.InvariantCulture);

    /// <summary>An ID comes from an answer, and goes into a path.</summary>
    static bool IsDeviceId(string id) => id.Length is > 0 and <= MaxDeviceId && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    TokenSource? Tokens(ErrorText errors)
    {
        if (Tailnet.Auth.Method == ApiAuthMethod.Apikey || !Tailnet.Auth.IsSet)
            return null;
        var endpoint = new TokenEndpoint(Tailnet, _transport, _metrics, errors, _time);
        return new TokenSource(endpoint.FetchAsync, Tailnet.Http.Retry.BaseDelay, _time);
    }

    Task<ApiResult<T>> OfDeviceAsync<T>(ApiOperation operation, string deviceId, Func<JsonElement, T?> decode, CancellationToken cancellation) =>
        IsDeviceId(deviceId)
            ? GetAsync(new ApiRequest(operation, Device: deviceId), decode, cancellation)
            : Task.FromResult<ApiResult<T>>(_caller.Refused(operation, "the device's ID is none"));

    Task<ApiResult<T>> GetAsync<T>(ApiRequest request, Func<JsonElement, T?> decode, CancellationToken cancellation) =>
        _caller.CallAsync<T>(request, (response, token) => ReadAsync(response, request, decode, token), cancellation);

    async Task<ApiAttempt<T>> ReadAsync<T>(HttpResponseMessage response, ApiRequest request, Func<JsonElement, T?> decode, CancellationToken cancellation)
    {
        if (!response.IsSuccessStatusCode && request.IsMissingFine)
            return new ApiAttempt<T>(default, null);
        using var body = _transport.Open(response, Tailnet.MaxResponseBytes, cancellation);
        using var bytes = await SmallBody.ReadAsync(body);
        if (body.Fault is { } fault)
            return fault;
        try
        {
            using var json = JsonDocument.Parse(bytes.Memory, LenientJson.Options);
            if (decode(json.RootElement) is { } value)
                return new ApiAttempt<T>(value, null);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return new ApiFault(ApiFaultKind.BrokenAnswer, (int)response.StatusCode, "it is not JSON");
        }

        return new ApiFault(ApiFaultKind.BrokenAnswer, (int)response.StatusCode, "it is JSON of another kind");
    }

    T? Counted<T>(ApiOperation operation, T? value, int skipped)
    {
        _metrics.Skipped(operation.Path, skipped);
        return value;
    }
}
