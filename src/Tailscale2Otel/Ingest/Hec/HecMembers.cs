using System.Text.Json;

namespace Tailscale2Otel.Ingest.Hec;

/// <summary>Tells a member by its name.</summary>
static class HecMembers
{
    /// <summary>In the order of <see cref="HecMember"/>; the last four are all <see cref="HecMember.Traffic"/>.</summary>
    static readonly string[] Names =
    [
        .. HecEnvelope.Members, "event", "logs", "nodeId", "start", "actor", "action",
        "virtualTraffic", "subnetTraffic", "exitTraffic", "physicalTraffic",
    ];

    public static HecMember Identify(ref Utf8JsonReader json)
    {
        if (json.ValueIsEscaped)
            return IdentifyEscaped(ref json);

        var name = json.ValueSpan;
        return name.Length switch
        {
            4 => name.SequenceEqual("time"u8) ? HecMember.Time
                : name.SequenceEqual("host"u8) ? HecMember.Host
                : name.SequenceEqual("logs"u8) ? HecMember.Logs : HecMember.Other,
            5 => name.SequenceEqual("event"u8) ? HecMember.Event
                : name.SequenceEqual("start"u8) ? HecMember.Start
                : name.SequenceEqual("index"u8) ? HecMember.Index
                : name.SequenceEqual("actor"u8) ? HecMember.Actor : HecMember.Other,
            6 => name.SequenceEqual("fields"u8) ? HecMember.Fields
                : name.SequenceEqual("nodeId"u8) ? HecMember.NodeId
                : name.SequenceEqual("source"u8) ? HecMember.Source
                : name.SequenceEqual("action"u8) ? HecMember.Action : HecMember.Other,
            10 => name.SequenceEqual("sourcetype"u8) ? HecMember.SourceType : HecMember.Other,
            11 => name.SequenceEqual("exitTraffic"u8) ? HecMember.Traffic : HecMember.Other,
            13 => name.SequenceEqual("subnetTraffic"u8) ? HecMember.Traffic : HecMember.Other,
            14 => name.SequenceEqual("virtualTraffic"u8) ? HecMember.Traffic : HecMember.Other,
            15 => name.SequenceEqual("physicalTraffic"u8) ? HecMember.Traffic : HecMember.Other,
            _ => HecMember.Other,
        };
    }

    /// <summary>A name may be spelled with escapes; nobody does, so this need not be fast.</summary>
    static HecMember IdentifyEscaped(ref Utf8JsonReader json)
    {
        try
        {
            for (var i = 0; i < Names.Length; i++)
            {
                if (json.ValueTextEquals(Names[i]))
                    return (HecMember)Math.Min(i, (int)HecMember.Traffic);
            }
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: valid JSON, but no text, and so none of these names.
        }

        return HecMember.Other;
    }
}
