using Tailscale2Otel.Model.Devices;

namespace Tailscale2Otel.Processing.Devices;

/// <summary>Invitations to share the devices that are in the list, of the tailnet as a whole.</summary>
static class InviteGauges
{
    /// <param name="invites">By node ID.</param>
    public static void Add(GaugeSeries series, DeviceSnapshot snapshot, IReadOnlyDictionary<string, IReadOnlyList<InviteFacts>> invites)
    {
        var all = snapshot.Devices.Select(d => d.NodeId).Distinct(StringComparer.Ordinal).SelectMany(id => invites.GetValueOrDefault(id) ?? []).ToList();
        foreach (var group in all.CountBy(i => (i.IsAccepted, i.AllowsExitNode, i.IsMultiUse, i.IsEmailed)).OrderBy(g => g.Key))
        {
            var (isAccepted, allowsExitNode, isMultiUse, isEmailed) = group.Key;
            series.Add("tailscale.device_invites.count", group.Value, series.Attributes.Of(
                0, ("tailscale.device_invite.accepted", isAccepted), ("tailscale.device_invite.allow_exit_node", allowsExitNode),
                ("tailscale.device_invite.multi_use", isMultiUse), ("tailscale.device_invite.delivery", isEmailed ? "emailed" : "manual_link")));
        }

        series.AddAll(
            "tailscale.device_invites.by_pending_age", "tailscale.device_invite.age",
            all.Where(i => !i.IsAccepted && i.Created is not null).CountBy(i => FleetGauges.SpanOf(snapshot.TakenAt - i.Created!.Value)));
    }
}
