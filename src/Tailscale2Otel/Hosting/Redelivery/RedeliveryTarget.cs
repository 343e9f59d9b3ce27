using Tailscale2Otel.Export.Otlp;

namespace Tailscale2Otel.Hosting.Redelivery;

/// <summary>Where records are sent again: to the configured backend, or to another one that an operator names.</summary>
static class RedeliveryTarget
{
    /// <summary>
    /// The options of the delivery. Another address keeps how to deliver (protocol, compression, limits, time-outs). Who to be
    /// and whom to trust (headers, credentials, client certificate, authorities, unchecked certificates) were meant for one
    /// origin and stay with it.
    /// </summary>
    /// <param name="otlp">A base address as in <c>otlp.endpoint</c>; null is the configured one.</param>
    /// <exception cref="InvalidOperationException">There is nowhere to send to; the message says what to do.</exception>
    public static OtlpOptions Options(OtlpOptions configured, Uri? otlp)
    {
        var target = OtlpTarget.Resolve(configured, OtlpSignal.Logs);
        if (otlp is null)
            return target is null ? throw new InvalidOperationException("otlp.logs.enabled is false: name a backend with --otlp URL") : configured;

        var protocol = (target?.Protocol ?? configured.Protocol) == OtlpChoice.Grpc ? OtlpChoice.Grpc : OtlpChoice.Http;
        if (!OtlpEndpoint.TryParse(otlp.OriginalString, protocol, insecure: false, out var address, out var problem))
            throw new InvalidOperationException($"--otlp ({protocol}): {problem}");

        var isSameOrigin = target is not null && target.Protocol != OtlpChoice.Stdout && IsSameOrigin(address, target.Endpoint);
        return new OtlpOptions
        {
            Protocol = protocol,
            Endpoint = otlp.OriginalString,
            Headers = isSameOrigin ? target!.Headers : new OtlpOptions().Headers,
            Tls = isSameOrigin ? target!.Tls : new OtlpTlsOptions(),
            Compression = target?.Compression ?? configured.Compression,
            Timeout = target?.Timeout ?? configured.Timeout,
            MaxRequestSize = target?.MaxRequestSize ?? configured.MaxRequestSize,
            Retry = target?.Retry ?? configured.Retry,
            Limits = configured.Limits,
        };
    }

    /// <summary>Where log records go, for an operator.</summary>
    /// <param name="options">As <see cref="Options"/> gave them.</param>
    public static string InWords(OtlpOptions options) => OtlpTarget.Resolve(options, OtlpSignal.Logs)!.Place;

    /// <summary>RFC 6454, section 5: scheme, host and port.</summary>
    static bool IsSameOrigin(Uri a, Uri b) => a.Scheme == b.Scheme && a.IdnHost == b.IdnHost && a.Port == b.Port;
}
