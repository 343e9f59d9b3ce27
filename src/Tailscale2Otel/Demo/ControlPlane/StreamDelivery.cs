namespace Tailscale2Otel.Demo.ControlPlane;

/// <summary>How deliveries to one destination went: the counters of <c>…/stream/status</c>.</summary>
/// <param name="Requests">Failed ones included.</param>
/// <param name="LastError">Empty when the last one was fine.</param>
sealed record StreamDelivery(long Entries, long Bytes, long Requests, long Failed, long Spoofed = 0, string LastError = "", DateTimeOffset? LastActivity = null);
