using Tailscale2Otel.Model;

namespace Tailscale2Otel.Ingest.LogStream;

/// <summary>The receiver that Tailscale's stream is to reach, as far as the public URL must fit it.</summary>
/// <param name="Listen">Null when the configuration does not say a usable one, which is told elsewhere.</param>
/// <param name="Path">Takes the events of the tailnet in question.</param>
sealed record StreamReceiver(ListenAddress? Listen, string Path, bool HasTls);
