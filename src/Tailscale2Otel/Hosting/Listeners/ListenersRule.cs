using Tailscale2Otel.Admin;
using Tailscale2Otel.Ingest.Hec;
using Tailscale2Otel.Ingest.Webhook;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Hosting.Listeners;

/// <summary>No two listeners have the same address: the second could not be opened.</summary>
sealed class ListenersRule : IOptionsRule
{
    public IEnumerable<string> Failures(OptionsSet options)
    {
        var listeners = Listener.All(options.Get<HecOptions>(), options.Get<WebhookOptions>(), options.Get<AdminOptions>());
        for (var i = 1; i < listeners.Count; i++)
        {
            if (listeners.Take(i).FirstOrDefault(l => l.Address.Excludes(listeners[i].Address)) is { } first)
                yield return $"{listeners[i].Key}: {listeners[i].Address} is taken by {first.Key} ({first.Address}); give it another port, or set {listeners[i].Name}.enabled: false";
        }
    }
}
