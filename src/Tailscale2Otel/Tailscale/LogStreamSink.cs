using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tailscale;

/// <summary>Where Tailscale streams a log to, the members that matter here (<c>GET</c> and <c>PUT …/logging/{logType}/stream</c>).</summary>
/// <param name="DestinationType"><c>splunk</c>, <c>s3</c>, …</param>
/// <param name="Token">Write-only: the API never gives it back.</param>
sealed record LogStreamSink(string DestinationType, string Url, string User = "", Secret? Token = null);
