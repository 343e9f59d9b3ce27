using Tailscale2Otel.Enrichment;
using Tailscale2Otel.Ingest.Poll.PerDevice;
using Tailscale2Otel.Model.Devices;
using Tailscale2Otel.Processing.Devices;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Hosting.Pipeline;

/// <summary>
/// Where one tailnet's device lists go: into the index that names records, into the gauges, and to the grinder, which may wait for
/// the first; beside them what was asked about each device. They do not go through the spool: the next list replaces all of one that was lost. Any thread.
/// </summary>
/// <param name="tailnet">As its records carry it.</param>
/// <param name="label">As metrics call it.</param>
sealed class DeviceFeed(string tailnet, string label, DeviceIndex index, DeviceMetrics metrics, FirstDevices first)
{
    readonly Lock _gate = new();
    DeviceSnapshot? _list;
    IReadOnlyDictionary<string, PostureFacts>? _posture;
    IReadOnlyDictionary<string, IReadOnlyList<InviteFacts>>? _invites;

    /// <summary>For whoever asks about each device.</summary>
    public LatestDevices Latest { get; } = new();

    public void Take(DeviceSnapshot snapshot)
    {
        index.Replace(snapshot);
        first.Delivered(tailnet);
        lock (_gate)
        {
            // Names of devices may have changed, and devices may be gone.
            _list = snapshot with { Tailnet = label };
            metrics.Replace(_list);
            ShowPosture();
            ShowInvites();
        }

        Latest.Take(snapshot);
    }

    /// <summary>There is no new list.</summary>
    public void Failed(ApiFailure failure) => first.Failed(tailnet, failure);

    /// <param name="posture">By node ID.</param>
    public void Take(IReadOnlyDictionary<string, PostureFacts> posture)
    {
        lock (_gate)
        {
            _posture = posture;
            ShowPosture();
        }
    }

    /// <param name="invites">By node ID.</param>
    public void Take(IReadOnlyDictionary<string, IReadOnlyList<InviteFacts>> invites)
    {
        lock (_gate)
        {
            _invites = invites;
            ShowInvites();
        }
    }

    void ShowPosture()
    {
        if (_list is not null && _posture is not null)
            metrics.Replace(_list, _posture);
    }

    void ShowInvites()
    {
        if (_list is not null && _invites is not null)
            metrics.Replace(_list, _invites);
    }
}
