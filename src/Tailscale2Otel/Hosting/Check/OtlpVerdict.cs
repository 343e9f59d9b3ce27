using Tailscale2Otel.Config;
using Tailscale2Otel.Export.Otlp;

namespace Tailscale2Otel.Hosting.Check;

/// <summary>What an OTLP endpoint's answer to an empty request means.</summary>
static class OtlpVerdict
{
    const int MaxWords = 160;

    public static CheckFinding Of(in OtlpReply reply, OtlpTarget target)
    {
        var place = target.Place;
        if (reply.Decision == OtlpDecision.Accepted)
            return CheckFinding.Ok($"{place} accepted an empty request");
        if (reply.Status < 0)
            return WithoutAnswer(reply, target, place);

        var isHttp = target.Protocol == OtlpChoice.Http || reply.Status > 99;
        return CheckFinding.Failed($"{place}: {(isHttp ? "HTTP" : "gRPC status")} {reply.Status}", Advice(reply, target, isHttp) + Words(reply, "It says"));
    }

    public static CheckFinding NoAnswer(OtlpTarget target) => CheckFinding.Failed(
        $"{target.Place}: no answer within {GoDuration.Format(target.Timeout)}",
        $"see whether that is the right port ({Endpoint(target)}), and whether a firewall is between");

    static CheckFinding WithoutAnswer(in OtlpReply reply, OtlpTarget target, string place)
    {
        var (what, toDo) = reply.Cause switch
        {
            HttpRequestError.NameResolutionError => ($"the name {target.Endpoint.Host} cannot be resolved", $"correct the host in {Endpoint(target)}, or mend this machine's DNS"),
            HttpRequestError.ConnectionError => ("cannot be connected", $"start the backend, or correct host and port in {Endpoint(target)}; a firewall may be between"),
            HttpRequestError.SecureConnectionError => ("TLS failed", $"set otlp.tls.ca_file to the authority of the server's certificate, use the name that the certificate has, or write http:// into {Endpoint(target)} where the port speaks no TLS"),
            HttpRequestError.ProxyTunnelError => ("the proxy refuses", "correct HTTPS_PROXY and NO_PROXY"),
            HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError or HttpRequestError.VersionNegotiationError =>
                ($"does not speak OTLP over {target.Protocol}", $"see whether otlp.protocol and the port in {Endpoint(target)} go together (4317 is gRPC, 4318 is HTTP), and whether a proxy or a sign-in page answers in its place"),
            _ when reply.ErrorType == "timeout" => ("cannot be connected in time", $"correct host and port in {Endpoint(target)}; a firewall may be between"),
            _ => ("the connection broke", $"see whether otlp.protocol, and http:// or https:// in {Endpoint(target)}, are what the port speaks"),
        };
        return CheckFinding.Failed($"{place}: {what}", toDo + Words(reply, "In detail"));
    }

    static string Advice(in OtlpReply reply, OtlpTarget target, bool isHttp) => (isHttp, reply.Status) switch
    {
        (true, 401 or 403) or (false, 7 or 16) => "the backend refuses the credentials: check otlp.headers, otlp.grafana_cloud and the client certificate",
        (true, 407) => "a proxy wants credentials: check HTTPS_PROXY and NO_PROXY",
        (true, 404 or 405) when target.Protocol == OtlpChoice.Http => $"nothing takes OTLP at {target.Endpoint.AbsolutePath}: otlp.endpoint is the base, to which /v1/logs and /v1/metrics are added; otlp.{target.Name}.endpoint is used as it is",
        (true, 413) => "raise what the backend, or a proxy before it, takes",
        (true, 415) or (false, 12) when target.Compression != OtlpChoice.None => $"the backend may not know {target.Compression}: set otlp.compression to gzip or none",
        (true, 404 or 405) or (false, 5 or 12) => $"there is no OTLP service for {target.Name} on that port: check {Endpoint(target)}",
        (true, >= 300 and < 400) => "the answer is a redirect, which is not followed, since credentials would go with it: set the endpoint to the real address; a sign-in page also answers like this",
        (true, 429) or (false, 8) => "the backend limits the rate: the daemon repeats, so try again later",
        (true, >= 500) or (false, 14) => "the backend is not ready or is broken: look into its log; the daemon would go on trying",
        (true, 400) => "the address answers but does not take OTLP, for example a TLS port that is spoken to in plain HTTP; some backends refuse a request without data",
        _ => "look into the backend's log",
    };

    /// <summary>The backend's own words help, but for a page in the middle of a table.</summary>
    static string Words(in OtlpReply reply, string title)
    {
        var words = (reply.Message ?? "").Trim();
        if (words.Length == 0)
            return "";
        if (words.StartsWith('<'))
            return ". It answered with a web page, as a proxy or a sign-in page does";
        return $". {title}: {(words.Length > MaxWords ? string.Concat(words.AsSpan(0, MaxWords), "…") : words)}";
    }

    static string Endpoint(OtlpTarget target) => target.HasOwnEndpoint ? $"otlp.{target.Name}.endpoint" : "otlp.endpoint";
}
