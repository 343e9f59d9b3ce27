using System.ComponentModel.DataAnnotations;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Processing.Flow;

/// <summary>Which dimensions the flow metrics have, and which of two families.</summary>
[ConfigSection("cardinality.flow")]
sealed class FlowDimensions : IConfigSection
{
    /// <summary>Flow metric families to emit: rollup (bounded top-N, the default), all (raw, unbounded dimensions), both.</summary>
    public MetricsMode MetricsMode { get; set; } = MetricsMode.Rollup;

    /// <summary>Busiest combinations that the rollup family keeps per interval; the rest is folded into __other__. 0 means 500.</summary>
    [Range(0, 1_000_000)]
    public int RollupTopN { get; set; } = 500;

    /// <summary>Adds source.port to the raw family.</summary>
    public bool SourcePort { get; set; }

    /// <summary>Adds destination.port to the raw family.</summary>
    public bool DestinationPort { get; set; }

    /// <summary>Adds tailscale.src.node and tailscale.dst.node.</summary>
    public bool NodeDims { get; set; } = true;

    /// <summary>Adds user, tags and OS of both ends; needs node_dims.</summary>
    public bool IdentityDims { get; set; }

    /// <summary>Names every address outside the tailnet external (and an unknown tailnet address unknown); false gives the address itself.</summary>
    public bool CollapseExternal { get; set; } = true;

    /// <summary>Counts exit traffic for the exit node that reports it.</summary>
    public bool ExitNodeAttribution { get; set; } = true;

    /// <summary>Adds country and continent of both ends; needs enrichment.geoip.</summary>
    public bool GeoDims { get; set; }
}
