namespace Tailscale2Otel.Ingest.Poll;

/// <summary>Whose cursor it is.</summary>
/// <param name="Tailnet">Empty for the only one when it was not named.</param>
readonly record struct PollKey(string Tailnet, string Collector);
