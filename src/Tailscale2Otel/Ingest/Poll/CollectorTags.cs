namespace Tailscale2Otel.Ingest.Poll;

static class CollectorTags
{
    /// <summary>The attributes of everything that is measured of one poller.</summary>
    public static KeyValuePair<string, object?>[] Of(string collector, string tailnet)
    {
        var name = new KeyValuePair<string, object?>("tailscale.collector", collector);
        return tailnet.Length == 0 ? [name] : [name, new("tailscale.tailnet", tailnet)];
    }
}
