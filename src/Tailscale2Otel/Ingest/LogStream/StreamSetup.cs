using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Ingest.LogStream;

/// <summary>
/// One attempt to have Tailscale stream one log here: look at what is set, set the destination unless it is set already or
/// somebody else's, look again. Throws only for cancellation.
/// </summary>
sealed partial class StreamSetup(SinkMarks marks, AppointedSinks appointed, ILogger<StreamSetup> logger)
{
    public async Task<SetupResult> RunAsync(StreamTarget target, LogType type, CancellationToken cancellation)
    {
        var present = await target.Client.GetLogStreamAsync(type, cancellation);
        if (!present.IsSuccess)
            return Failure(target, "read", present.Failure);

        var isOurs = present.Value is { } sink && AppointedSinks.AreSame(sink, target.Wanted);
        if (isOurs && marks.Knows(target.Tailnet, type, target.Wanted))
        {
            appointed.Set(target.Tailnet, type, target.Wanted);
            return new SetupResult(SetupState.AlreadySet);
        }

        if (!isOurs && present.Value is { } other && !MaySupersede(target, type, other))
            return new SetupResult(SetupState.Occupied, $"Tailscale streams them to another destination ({StreamWords.Describe(other)}), which stays: set streaming.auto_configure_overwrite: true to replace it, or turn {target.Key}.auto_configure off");

        var put = await PutAsync(target, type, cancellation);
        return put.IsSuccess ? await VerifyAsync(target, type, cancellation) : Failure(target, "set", put.Failure);
    }

    /// <summary>A destination of ours with an older URL is no other's. What will be replaced is told first.</summary>
    bool MaySupersede(StreamTarget target, LogType type, LogStreamSink other)
    {
        var title = StreamWords.Title(type, target.Label);
        if (marks.HasSet(target.Tailnet, type, other))
        {
            Log.Moved(logger, title, StreamWords.Describe(other), StreamWords.Describe(target.Wanted));
            return true;
        }

        if (target.Overwrite)
            Log.Replacing(logger, title, StreamWords.Describe(other));
        return target.Overwrite;
    }

    /// <summary>
    /// No public text says that every destination may be compressed; where Tailscale refuses the request as such, it is asked for the
    /// plain form, which it takes by default.
    /// </summary>
    async Task<ApiResult<bool>> PutAsync(StreamTarget target, LogType type, CancellationToken cancellation)
    {
        var put = await target.Client.PutLogStreamAsync(type, target.Wanted, cancellation);
        if (put.IsSuccess || put.Failure.State != ApiState.RequestRejected || target.Wanted.CompressionFormat.Length == 0)
            return put;

        var plain = await target.Client.PutLogStreamAsync(type, target.Wanted with { CompressionFormat = "" }, cancellation);
        if (plain.IsSuccess)
            Log.Uncompressed(logger, StreamWords.Title(type, target.Label), target.Wanted.CompressionFormat);
        return plain;
    }

    async Task<SetupResult> VerifyAsync(StreamTarget target, LogType type, CancellationToken cancellation)
    {
        appointed.Set(target.Tailnet, type, target.Wanted);
        var back = await target.Client.GetLogStreamAsync(type, cancellation);
        if (!back.IsSuccess)
            return Failure(target, "read back", back.Failure);
        if (back.Value is not { } sink || !AppointedSinks.AreSame(sink, target.Wanted))
            return new SetupResult(SetupState.Different, $"Tailscale accepted the destination and shows {(back.Value is { } shown ? StreamWords.Describe(shown) : "none")}: look at it in the admin console under Logs");

        marks.Keep(target.Tailnet, type, target.Wanted);
        return new SetupResult(SetupState.Set);
    }

    static SetupResult Failure(StreamTarget target, string verb, ApiFailure failure)
    {
        var secrets = target.Wanted.Token is { } token ? new[] { token } : [];
        var advice = $"the destination cannot be {verb}: {StreamErrorText.Clean(failure.Message, secrets)}{Remedy(target, failure.State)}";
        return new SetupResult(failure.IsLasting || failure.State == ApiState.RequestRejected ? SetupState.Refused : SetupState.Failed, advice, failure.RetryAfter);
    }

    /// <summary>What the failure itself does not say.</summary>
    static string Remedy(StreamTarget target, ApiState state) => state switch
    {
        ApiState.ScopeDenied when LacksScope(target.Client.Tailnet.Auth) => $". The daemon asks for the scopes in {target.Client.Tailnet.AuthKey}.oauth.scopes, and log_streaming is not among them: add it there and to the OAuth client",
        ApiState.ScopeDenied => ". Setting it needs log_streaming, and for a private endpoint device_invites and policy_file too",
        ApiState.RequestRejected => ". Check public_url against docs/private-endpoint.md",
        _ => "",
    };

    /// <summary>Without any, a token has all of the client's.</summary>
    static bool LacksScope(ApiAuthOptions auth) =>
        auth.Method == ApiAuthMethod.Oauth && auth.Oauth.Scopes.Count > 0 && !auth.Oauth.Scopes.Any(s => s is "all" or "log_streaming");

    static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Logs} were streamed to {Destination}, which somebody else set. It is replaced, since streaming.auto_configure_overwrite is true")]
        public static partial void Replacing(ILogger logger, string logs, string destination);

        [LoggerMessage(LogLevel.Information, "{Logs} were streamed to {Destination}, as set from here before. The destination becomes {Wanted}")]
        public static partial void Moved(ILogger logger, string logs, string destination, string wanted);

        [LoggerMessage(LogLevel.Information, "{Logs}: Tailscale refuses {Format} for this destination, and will send them uncompressed")]
        public static partial void Uncompressed(ILogger logger, string logs, string format);
    }
}
