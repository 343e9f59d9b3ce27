using Tailscale2Otel.Admin;
using Tailscale2Otel.Ingest.Hec;
using Tailscale2Otel.Ingest.Webhook;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Hosting.Listeners;

/// <summary>One address that the daemon's web server listens on.</summary>
/// <param name="Name">Its section of the configuration, for example <c>streaming</c>; <see cref="ListenerBranch"/> goes by it.</param>
/// <param name="Component">What its certificate is called in metrics, for example <c>stream</c>.</param>
/// <param name="Tls">Without files the listener speaks plain HTTP.</param>
sealed record Listener(string Name, string Component, ListenAddress Address, TlsFiles Tls)
{
    /// <summary>The key that says where it listens.</summary>
    public string Key => $"{Name}.listen";

    public bool IsTls => Tls.CertFile.Length > 0;

    /// <summary>Those that are turned on; one whose address cannot be read is left out, since its options' validator has told of it.</summary>
    public static IReadOnlyList<Listener> All(HecOptions hec, WebhookOptions webhook, AdminOptions admin)
    {
        var listeners = new List<Listener>();
        if (hec.Enabled && ListenAddress.TryParse(hec.Listen, out var stream))
            listeners.Add(new Listener("streaming", "stream", stream, hec.Tls));
        if (webhook.Enabled && ListenAddress.TryParse(webhook.Listen, out var events))
            listeners.Add(new Listener("webhook", "webhook", events, webhook.Tls));
        if (admin.Enabled && ListenAddress.TryParse(admin.Listen, out var status))
            listeners.Add(new Listener("admin", "admin", status, admin.Tls));
        return listeners;
    }
}
