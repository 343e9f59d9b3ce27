using Tailscale2Otel.Enrichment;
using Tailscale2Otel.Model.Devices;

namespace Tailscale2Otel.Processing.Devices;

/// <summary>Posture of each device that is in the list: what its client says of itself, and attributes one by one.</summary>
static class PostureGauges
{
    const string AttributeKey = "attribute";

    /// <param name="posture">By node ID.</param>
    public static void Add(GaugeSeries series, IReadOnlyList<Device> devices, IReadOnlyDictionary<string, PostureFacts> posture)
    {
        var sorted = DeviceNames.Distinct(devices);
        var names = DeviceNames.Of(sorted);
        for (var i = 0; i < sorted.Count; i++)
        {
            if (posture.TryGetValue(sorted[i].NodeId, out var facts))
                Add(series, names[i], DeviceGauges.IdOf(sorted[i]), facts);
        }
    }

    static void Add(GaugeSeries series, string name, string id, PostureFacts facts)
    {
        if (facts is not { Os: null, OsVersion: null, ClientVersion: null, ReleaseTrack: null, AutoUpdate: null, StateEncrypted: null })
        {
            series.Add("tailscale.device.posture", 1, series.Attributes.Of(
                2, ("host.name", name), ("host.id", id), ("os", facts.Os), ("os_version", facts.OsVersion), ("ts_version", facts.ClientVersion),
                ("auto_update", facts.AutoUpdate), ("encrypted", facts.StateEncrypted), ("track", facts.ReleaseTrack)));
        }

        foreach (var attribute in facts.Attributes)
        {
            // Without the attribute's name the series of a device would be taken for one another.
            var tags = series.Attributes.Of(2, ("host.name", name), ("host.id", id), (AttributeKey, attribute.Key));
            if (tags is null || !tags.Any(t => t.Key == AttributeKey))
                continue;

            if (attribute.Text is { } text)
                series.Add("tailscale.device.attribute.info", 1, series.Attributes.Of(2, ("host.name", name), ("host.id", id), (AttributeKey, attribute.Key), ("value", text)));
            else if (attribute.Number is { } number)
                series.Add("tailscale.device.attribute", number, tags);
            else
                series.Add("tailscale.device.attribute", attribute.Flag, tags);
            series.Add("tailscale.device.attribute.expiry", attribute.Expires, tags);
        }
    }
}
