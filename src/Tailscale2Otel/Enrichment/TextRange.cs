namespace Tailscale2Otel.Enrichment;

/// <summary>A piece of a <see cref="DeviceTable"/>'s text.</summary>
readonly record struct TextRange(int Start, int Length);
