using Microsoft.Extensions.Logging.Abstractions;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Hosting.Check;

/// <summary>
/// Whether the API of one tailnet works: each operation is called once, and what the configuration does not use is called too, to
/// say whether it would work. Reads only.
/// </summary>
sealed class TailnetQuestions : IDisposable
{
    const int CallsAtOnce = 4;

    static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    readonly TailscaleClient _client;
    readonly string _label;
    readonly ApiUse _use;
    readonly CheckRun _run;
    readonly SemaphoreSlim _gate = new(CallsAtOnce);
    readonly TaskCompletionSource<CheckFinding> _credential = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="label">For the table; empty when there is but one tailnet.</param>
    public TailnetQuestions(TailnetSettings tailnet, string label, ApiUse use, CheckRun run)
    {
        _client = new TailscaleClient(OnceOnly(tailnet, run.Timeout), run.Meter, run.Time, NullLogger<TailscaleClient>.Instance);
        _label = label;
        _use = use;
        _run = run;
    }

    public IReadOnlyList<CheckQuestion> Ask()
    {
        if (!_client.Tailnet.Auth.IsSet)
            return [Question(CheckPart.Authentication, "credential", "API credential", Task.FromResult(CheckFinding.NotUsed("no credential is set, so that the Tailscale API is not used")), false)];

        var settings = CallAsync(_client.GetSettingsAsync);
        var networkStream = CallAsync(token => _client.GetLogStreamAsync(LogType.Network, token));
        var configurationStream = CallAsync(token => _client.GetLogStreamAsync(LogType.Configuration, token));
        var answers = new List<CheckQuestion>
        {
            Api("devices", "devices", DevicesAsync(), _use.Devices),
            Api("flow_logs", "network flow logs", FlowLogsAsync(settings), _use.FlowLogs),
            Api("audit_logs", "configuration logs", LogsAsync(LogType.Configuration, "collectors.auditlogs.enabled: false"), _use.AuditLogs),
            Api("log_stream_network", "log stream, network", StreamAsync(LogType.Network, networkStream), _use.LogStream),
            Api("log_stream_configuration", "log stream, configuration", StreamAsync(LogType.Configuration, configurationStream), _use.LogStream),
            Api("log_stream_status_network", "log stream status, network", StatusAsync(LogType.Network, networkStream), _use.LogStreamStatus),
            Api("log_stream_status_configuration", "log stream status, configuration", StatusAsync(LogType.Configuration, configurationStream), _use.LogStreamStatus),
            Api("settings", "tailnet settings", SettingsAsync(settings), false),
        };
        return [Question(CheckPart.Authentication, "credential", "API credential", CredentialAsync(answers), true), .. answers];
    }

    public void Dispose() => _client.Dispose();

    static TailnetSettings OnceOnly(TailnetSettings tailnet, TimeSpan timeout) => tailnet with
    {
        Http = new ApiHttpOptions
        {
            Timeout = tailnet.Http.Timeout < timeout ? tailnet.Http.Timeout : timeout,
            TotalTimeout = timeout,
            Retry = new ApiRetryOptions { MaxAttempts = 1 },
            RateLimit = tailnet.Http.RateLimit,
        },
    };

    async Task<CheckFinding> DevicesAsync()
    {
        var result = await CallAsync(_client.ListDevicesAsync);
        return result.IsSuccess ? CheckFinding.Ok(Count(result.Value!.Count, "device")) : ApiVerdict.Of(result.Failure, ApiOperation.Devices, "collectors.devices.enabled: false");
    }

    async Task<CheckFinding> FlowLogsAsync(Task<ApiResult<TailnetFeatures>> settings)
    {
        var logs = await LogsAsync(LogType.Network, "collectors.flowlogs.enabled: false");
        return (await settings).Value is { NetworkFlowLogging: false }
            ? CheckFinding.Missing("network flow logging is switched off in this tailnet", "switch it on in the admin console under Logs, Network flow logs (Premium or Enterprise plan)")
            : logs;
    }

    async Task<CheckFinding> LogsAsync(LogType type, string offKey)
    {
        var now = _run.Time.GetUtcNow();
        var result = await CallAsync(token => _client.ReadLogsAsync(type, now - Window, now, static _ => default, token));
        if (result.IsSuccess)
            return CheckFinding.Ok($"{Count(result.Value.Records, "record")} in the last minute");
        return result.Failure.IsTooLarge
            ? CheckFinding.Ok("more records in the last minute than one answer may hold", "the daemon asks for less at once; tailscale.max_log_response_bytes can be raised")
            : ApiVerdict.Of(result.Failure, ApiOperation.Logs(type), offKey);
    }

    async Task<CheckFinding> StreamAsync(LogType type, Task<ApiResult<LogStreamSink?>> stream)
    {
        var result = await stream;
        // From a disk, which may not answer.
        var isOwn = result.Value is { } sink && await Task.Run(() => _use.HasSet(type, sink));
        return result.IsSuccess ? LogStreamVerdict.Of(result.Value, _use, isOwn) : ApiVerdict.Of(result.Failure, ApiOperation.LogStream(type), "streaming.auto_configure: false");
    }

    async Task<CheckFinding> StatusAsync(LogType type, Task<ApiResult<LogStreamSink?>> stream)
    {
        // Without a destination there is no status, and the API's 404 would say the same of a plan.
        if (await stream is { IsSuccess: true, Value: null })
            return CheckFinding.NotUsed("no destination is set");

        var result = await CallAsync(token => _client.GetLogStreamStatusAsync(type, token));
        return result.IsSuccess ? LogStreamVerdict.Of(result.Value!) : ApiVerdict.Of(result.Failure, ApiOperation.LogStreamStatus(type), "collectors.log_stream.enabled: false");
    }

    static async Task<CheckFinding> SettingsAsync(Task<ApiResult<TailnetFeatures>> settings)
    {
        var result = await settings;
        return !result.IsSuccess ? ApiVerdict.Of(result.Failure, ApiOperation.Settings, "")
            : CheckFinding.Ok(result.Value!.NetworkFlowLogging switch { true => "network flow logging is on", false => "network flow logging is off", null => "does not tell whether network flow logging is on" });
    }

    /// <summary>What the calls say of the credential: any answer but a refusal proves it.</summary>
    async Task<CheckFinding> CredentialAsync(List<CheckQuestion> answers)
    {
        await Task.WhenAny(_credential.Task, Task.WhenAll(answers.Select(a => a.Answer)));
        return _credential.Task.IsCompleted ? await _credential.Task : new CheckFinding(CheckState.Unknown, $"{Kind()}: nobody could be asked, see below");
    }

    async Task<ApiResult<T>> CallAsync<T>(Func<CancellationToken, Task<ApiResult<T>>> call)
    {
        await _gate.WaitAsync(_run.End);
        try
        {
            await _run.Calls.WaitAsync(_run.End);
            try
            {
                var result = await call(_run.End);
                Learn(result.Failure);
                return result;
            }
            finally
            {
                _run.Calls.Release();
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    void Learn(ApiFailure? failure)
    {
        if (ApiVerdict.IsAccepted(failure) is { } isAccepted)
            _credential.TrySetResult(isAccepted ? CheckFinding.Ok($"{Kind()}: accepted{Life()}") : CheckFinding.Failed($"{Kind()}: refused", ApiVerdict.WithoutPath(failure!.Message)));
    }

    string Kind() => _client.Tailnet.Auth.Method switch
    {
        ApiAuthMethod.Apikey => "API access token",
        ApiAuthMethod.WorkloadIdentity => "workload identity",
        _ => "OAuth client",
    };

    string Life() => _client.Tailnet.Auth.Method switch
    {
        ApiAuthMethod.Apikey => "; it expires within 90 days of its making, the API does not tell when",
        ApiAuthMethod.Oauth => $", with the scopes {string.Join(' ', _client.Tailnet.Auth.Oauth.Scopes)}",
        _ => "",
    };

    CheckQuestion Api(string id, string what, Task<CheckFinding> answer, bool isUsed) => Question(CheckPart.Api, id, what, answer, isUsed);

    CheckQuestion Question(CheckPart part, string id, string what, Task<CheckFinding> answer, bool isUsed) =>
        new(part, id, what, answer) { Tailnet = _label, IsUsed = isUsed };

    static string Count(long count, string of) => count == 1 ? $"1 {of}" : $"{Cli.SizeText.Exact(count)} {of}s";
}
