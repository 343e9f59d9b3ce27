namespace Tailscale2Otel.Processing.Devices;

/// <summary>One series of a gauge. Gauges of one device share the attributes.</summary>
readonly record struct GaugePoint(double Value, KeyValuePair<string, object?>[] Attributes);
