using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tailscale;

/// <summary>Where Tailscale streams a log to, the members that matter here (<c>GET</c> and <c>PUT …/logging/{logType}/stream</c>).</summary>
/// <param name="DestinationType"><c>splunk</c>, <c>s3</c>, …</param>
/// <param name="Token">Write-only: the API never gives it back.</param>
/// <param name="CompressionFormat"><c>none</c>, <c>gzip</c>, <c>zstd</c>; when it is empty a <c>PUT</c> leaves it out, which is <c>none</c>.</param>
sealed record LogStreamSink(string DestinationType, string Url, string User = "", Secret? Token = null, string CompressionFormat = "");
