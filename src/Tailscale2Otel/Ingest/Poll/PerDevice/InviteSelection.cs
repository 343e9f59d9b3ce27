using Tailscale2Otel.Model.Devices;

namespace Tailscale2Otel.Ingest.Poll.PerDevice;

/// <summary>What is kept of the invites of a device.</summary>
/// <param name="leftOut">Is told how many invites were over the limit.</param>
sealed class InviteSelection(Action<int> leftOut)
{
    /// <summary>Of one device.</summary>
    public const int MaxInvites = 256;

    public IReadOnlyList<InviteFacts> Of(IReadOnlyList<DeviceInvite> invites)
    {
        if (invites.Count > MaxInvites)
            leftOut(invites.Count - MaxInvites);
        return [.. invites.Take(MaxInvites).Select(i => new InviteFacts(i.Accepted, i.AllowExitNode, i.MultiUse, i.Email.Length > 0 || i.LastEmailSentAt is not null, i.Created))];
    }
}
