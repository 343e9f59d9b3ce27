using System.Diagnostics.CodeAnalysis;

namespace Tailscale2Otel.Export.Otlp;

/// <summary>The forms in which an operator may write an endpoint.</summary>
static class OtlpEndpoint
{
    /// <summary>
    /// http takes an <c>http</c> or <c>https</c> URL; grpc takes the same without a path, or <c>host:port</c>, which is TLS
    /// unless <paramref name="insecure"/>. Empty is the OpenTelemetry default on localhost. The problem never repeats the text,
    /// which may hold a password.
    /// </summary>
    public static bool TryParse(string text, string protocol, bool insecure, [NotNullWhen(true)] out Uri? uri, [NotNullWhen(false)] out string? problem)
    {
        var isGrpc = protocol == OtlpChoice.Grpc;
        problem = null;
        if (text.Length == 0)
        {
            uri = new Uri(isGrpc ? "http://localhost:4317" : "http://localhost:4318");
            return true;
        }

        if (isGrpc && !text.Contains("://", StringComparison.Ordinal))
            text = (insecure ? "http://" : "https://") + text;

        if (!Uri.TryCreate(text, UriKind.Absolute, out uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0)
        {
            problem = isGrpc
                ? "must be host:port or an http(s) URL, for example otel-collector:4317"
                : "must be a URL with scheme and host, for example http://otel-collector:4318";
        }
        else if (uri.UserInfo.Length > 0)
        {
            problem = "must not hold user:password@: put credentials into otlp.headers";
        }
        else if (isGrpc && (uri.PathAndQuery != "/" || uri.Fragment.Length > 0))
        {
            problem = "must have no path with grpc: only host and port";
        }
        else if (uri.Fragment.Length > 0)
        {
            problem = "must have no fragment (#)";
        }

        if (problem is not null)
            uri = null;
        return uri is not null;
    }

    /// <summary>OTLP specification, "Endpoint URLs for OTLP/HTTP": the base's path and query stay, the signal's path is added.</summary>
    public static Uri Append(Uri endpoint, string path)
    {
        var builder = new UriBuilder(endpoint);
        builder.Path = builder.Path.TrimEnd('/') + "/" + path;
        return builder.Uri;
    }
}
