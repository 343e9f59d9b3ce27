namespace Tailscale2Otel.Model.Devices;

/// <summary>What is kept of an invitation to share a device: nothing of who sent it or got it.</summary>
/// <param name="IsEmailed">Sent by Tailscale, and not by somebody who copied its link.</param>
readonly record struct InviteFacts(bool IsAccepted, bool AllowsExitNode, bool IsMultiUse, bool IsEmailed, DateTimeOffset? Created);
