using System.Buffers;
using Microsoft.Extensions.Options;
using Tailscale2Otel.Compression;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Export.Otlp;

/// <summary>Rules over several keys of <c>otlp</c>.</summary>
sealed class OtlpOptionsValidator : IValidateOptions<OtlpOptions>
{
    /// <summary>RFC 9110, section 5.6.2: what a header's name is made of.</summary>
    static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    // Those of Polly's time limit.
    static readonly TimeSpan ShortestTimeout = TimeSpan.FromMilliseconds(10);
    static readonly TimeSpan LongestTimeout = TimeSpan.FromHours(24);

    public ValidateOptionsResult Validate(string? name, OtlpOptions options)
    {
        var errors = new List<string>();
        Endpoint(errors, "otlp.endpoint", options.Endpoint, options.Protocol, options.Tls.Insecure);
        Headers(errors, "otlp.headers", options.Headers);
        Timeout(errors, "otlp.timeout", options.Timeout);
        Pair(errors, "otlp.tls", options.Tls.CertFile, options.Tls.KeyFile);
        Compression(errors, "otlp.compression", options.Compression);
        Retry(errors, "otlp.retry", options.Retry.InitialInterval, options.Retry.MaxInterval);
        if (options.GrafanaCloud.InstanceId.Length > 0 == options.GrafanaCloud.Token.IsEmpty)
            errors.Add("otlp.grafana_cloud: instance_id and token belong together; set both or neither");

        Signal(errors, "otlp.logs", options.Logs, options);
        Signal(errors, "otlp.metrics", options.Metrics, options);
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    static void Signal(List<string> errors, string key, OtlpSignalOptions own, OtlpOptions shared)
    {
        var protocol = own.Protocol.Length > 0 ? own.Protocol : shared.Protocol;
        Endpoint(errors, $"{key}.endpoint", own.Endpoint, protocol, own.Tls.Insecure ?? shared.Tls.Insecure);
        if (own.Enabled != false && own.Endpoint.Length == 0 && shared.Endpoint.Length > 0 && protocol != shared.Protocol && protocol != OtlpChoice.Stdout)
            errors.Add($"{key}.endpoint: must be set, because {key}.protocol differs from otlp.protocol and otlp.endpoint does not speak it");
        Headers(errors, $"{key}.headers", own.Headers);
        Timeout(errors, $"{key}.timeout", own.Timeout);
        Pair(errors, $"{key}.tls", own.Tls.CertFile, own.Tls.KeyFile);
        Compression(errors, $"{key}.compression", own.Compression);
        Retry(errors, $"{key}.retry", own.Retry.InitialInterval, own.Retry.MaxInterval);
    }

    static void Endpoint(List<string> errors, string key, string endpoint, string protocol, bool insecure)
    {
        if (protocol != OtlpChoice.Stdout && !OtlpEndpoint.TryParse(endpoint, protocol, insecure, out _, out var problem))
            errors.Add($"{key}: {problem}");
    }

    static void Headers(List<string> errors, string key, IReadOnlyDictionary<string, Secret> headers)
    {
        foreach (var (name, value) in headers)
        {
            // What follows may be the credential, as in NAME: VALUE where NAME=VALUE is meant.
            if (name.AsSpan().IndexOfAnyExcept(TokenCharacters) is >= 0 and var end)
                errors.Add($"{key}: \"{name[..end]}…\" does not go on as a header name, which has letters, digits and !#$%&'*+-.^_`|~; in a variable write NAME=VALUE");
            else if (name.Length == 0)
                errors.Add($"{key}: a header has no name");
            else if (value.Reveal().AsSpan().ContainsAnyExceptInRange(' ', '~'))
                errors.Add($"{key}.{name}: must be printable ASCII without line breaks");
        }
    }

    static void Pair(List<string> errors, string key, string certificate, string privateKey)
    {
        if (certificate.Length > 0 != privateKey.Length > 0)
            errors.Add($"{key}: cert_file and key_file belong together; set both or neither");
    }

    static void Compression(List<string> errors, string key, string compression)
    {
        if (compression == OtlpChoice.Zstd && !ZstdStream.IsAvailable)
            errors.Add($"{key}: zstd needs the system library libzstd (libzstd.so.1); install it or use gzip");
    }

    static void Retry(List<string> errors, string key, TimeSpan initial, TimeSpan max)
    {
        if (max > TimeSpan.Zero && max < initial)
            errors.Add($"{key}.max_interval: must not be less than {key}.initial_interval");
    }

    static void Timeout(List<string> errors, string key, TimeSpan value)
    {
        if (value != TimeSpan.Zero && (value < ShortestTimeout || value > LongestTimeout))
            errors.Add($"{key}: must be 0s or between 10ms and 24h");
    }
}
