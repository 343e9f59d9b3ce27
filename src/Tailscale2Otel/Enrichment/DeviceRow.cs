namespace Tailscale2Otel.Enrichment;

/// <summary>One device of a <see cref="DeviceTable"/>.</summary>
readonly record struct DeviceRow(TextRange Name, TextRange NodeId, TextRange User, TextRange Tags, TextRange Os, bool IsExternal);
