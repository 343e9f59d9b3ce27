using System.Text;
using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Processing.Counting;

namespace Tailscale2Otel.Processing.Webhook;

/// <summary>What the events count as; frozen like those of flows, so that a crash neither loses nor repeats a count.</summary>
sealed class WebhookEventMetrics(TailnetMeter meter) : IFrozenMetrics
{
    const int LongestType = 64;

    readonly CounterFamily _events = new(meter, "tailscale.webhook.events", "{event}", "Webhook events accepted", ["tailscale.webhook.type"]);
    readonly CounterFamily _duplicates = new(meter, "tailscale.webhook.duplicates", "{event}", "Webhook events suppressed as repeats", []);
    readonly CounterFamily _drift = new(meter, "tailscale.webhook.schema_drift", "{event}", "Versions of webhook events, known or unknown", ["field", "status"]);
    readonly CounterFamily _ignored = new(meter, "tailscale2otel.webhook.data_ignored", "{value}", "Members of data that are not of the documented type and were left out", []);
    readonly CounterFamily _repeats = new(meter, "tailscale2otel.webhook.repeat_possible", "{event}", "Late events of which nobody can tell whether they were delivered before", []);

    readonly CounterFamily _mismatches = new(meter, "tailscale2otel.webhook.tailnet_mismatch", "{event}", "Events that name another tailnet than the one they came in for", []);

    public void Add(WebhookType type, bool isVersion1, int ignored, bool mayRepeat)
    {
        Span<byte> name = stackalloc byte[LongestType];
        _events.Add(1, name[..Encoding.ASCII.GetBytes(type.Name, name)]);
        _drift.Add(1, "version"u8, isVersion1 ? "known"u8 : "unknown"u8);
        if (ignored > 0)
            _ignored.Add((ulong)ignored);
        if (mayRepeat)
            _repeats.Add(1);
    }

    /// <summary>An event whose own word for its tailnet is another than the configured one.</summary>
    public void Mismatch() => _mismatches.Add(1);

    public void Duplicate() => _duplicates.Add(1);

    public void Freeze()
    {
        _events.Freeze();
        _duplicates.Freeze();
        _drift.Freeze();
        _ignored.Freeze();
        _repeats.Freeze();
        _mismatches.Freeze();
    }
}
