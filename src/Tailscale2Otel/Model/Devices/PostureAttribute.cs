namespace Tailscale2Otel.Model.Devices;

/// <summary>One posture attribute; of text, number and flag it has the one that the API sent.</summary>
/// <param name="Key">For example <c>node:os</c> or <c>custom:tier</c>.</param>
/// <param name="Expires">Null for one that stays.</param>
sealed record PostureAttribute(string Key, string? Text, double? Number, bool? Flag, DateTimeOffset? Expires);
