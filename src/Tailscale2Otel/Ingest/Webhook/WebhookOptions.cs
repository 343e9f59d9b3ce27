using System.ComponentModel.DataAnnotations;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Ingest.Webhook;

/// <summary>The receiver for Tailscale's webhooks: signed batches of events about nodes, users and the policy.</summary>
[ConfigSection("webhook")]
sealed class WebhookOptions : IConfigSection
{
    public const long LargestBody = 60 * 1024 * 1024;

    const long DefaultBody = 1024 * 1024;
    const int DefaultRequests = 4;

    /// <summary>Whether the receiver listens.</summary>
    public bool Enabled { get; set; }

    /// <summary>Address and port: <c>:8089</c> is every address of IPv4 and IPv6, <c>127.0.0.1:8089</c> this machine alone, as behind <c>tailscale funnel</c>.</summary>
    public string Listen { get; set; } = ":8089";

    /// <summary>Path that takes deliveries; all others are 404.</summary>
    public string Path { get; set; } = "/tailscale/webhook";

    /// <summary>
    /// The secret that Tailscale showed when the webhook was created (<c>tskey-webhook-…</c>), or several, each as good as the other,
    /// for rotation. Read at the start. Without any, signatures are not checked and it serves only on a loopback address.
    /// </summary>
    public IReadOnlyList<Secret> Secret { get; set; } = [];

    /// <summary>A way in for each of several tailnets, in place of <c>secret</c>.</summary>
    [AtMost(100)]
    [Sections<WebhookRouteOptions>]
    public IReadOnlyList<WebhookRouteOptions> Routes { get; set; } = [];

    /// <summary>Certificate of the listener; without it, it speaks plain HTTP.</summary>
    public TlsFiles Tls { get; set; } = new();

    /// <summary>
    /// How far a signature's time may be off, in both directions. Older ones are taken for retries for as long as a replay would be
    /// recognised, at most 25 h; docs/webhooks.md has the rule. 0 takes any age.
    /// </summary>
    [Within("00:00:00", "1.00:00:00")]
    public TimeSpan Tolerance { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>A webhook event and an audit record that tell the same change are delivered and counted once, whichever comes first.</summary>
    public bool DedupAuditEvents { get; set; }

    /// <summary>Largest body. 0 is 1 MiB; negative is the most that is allowed, 60 MiB.</summary>
    [Range(-1, LargestBody)]
    public long MaxBodyBytes { get; set; }

    /// <summary>Requests that are verified or on their way to disk at once. 0 is 4; negative is without limit.</summary>
    [Range(-1, 65_536)]
    public int MaxConcurrentRequests { get; set; }

    /// <summary><see cref="MaxBodyBytes"/> as the number it means.</summary>
    public int BodyLimit => (int)(MaxBodyBytes switch { 0 => DefaultBody, < 0 => LargestBody, _ => MaxBodyBytes });

    /// <summary><see cref="MaxConcurrentRequests"/> as the number it means; negative is without limit.</summary>
    public int RequestLimit => MaxConcurrentRequests == 0 ? DefaultRequests : MaxConcurrentRequests;
}
