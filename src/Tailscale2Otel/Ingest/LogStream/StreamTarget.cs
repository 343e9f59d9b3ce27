using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Ingest.LogStream;

/// <summary>What one tailnet is to be told about its log stream.</summary>
/// <param name="Key">Of the section it was configured in, for words: <c>streaming</c> or <c>streaming.routes[0]</c>.</param>
/// <param name="Wanted">The destination with its token; the URL goes to Tailscale as it was written.</param>
/// <param name="Overwrite">Whether a destination that somebody else set is replaced.</param>
sealed record StreamTarget(TailscaleClient Client, string Key, LogStreamSink Wanted, StreamReceiver Receiver, bool Overwrite)
{
    /// <summary>The user that a destination of ours carries; with one, Splunk's authentication becomes Basic.</summary>
    public const string User = "tailscale2otel";

    public string Tailnet => Client.Tailnet.Name;
}
