using Tailscale2Otel.Enrichment;
using Tailscale2Otel.Processing;
using Tailscale2Otel.Processing.Deduplication;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Hosting.Tailnets;

/// <summary>What exists once for each tailnet, made by <see cref="TailnetComposition"/>.</summary>
sealed class TailnetParts
{
    /// <summary>As its records carry it; empty for the only one when it has no name.</summary>
    public required string Name { get; init; }

    /// <summary>How its API is reached; null for a tailnet that the configuration does not name and whose records are in the spool.</summary>
    public TailnetSettings? Settings { get; init; }

    /// <summary>What its device list says, once there is one.</summary>
    public required DeviceIndex Devices { get; init; }

    public required DeduplicationWindows Windows { get; init; }

    /// <summary>Its processors and what they count.</summary>
    public required Dispatcher Dispatcher { get; init; }
}
