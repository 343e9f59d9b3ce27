using System.Collections.Frozen;
using static Tailscale2Otel.Redaction.PiiCategories;

namespace Tailscale2Otel.Redaction;

/// <summary>
/// The members of flow, audit and webhook records and of envelopes that hold personal data, and those that do not, by name in any
/// case; where the object matters, by its name and a dot before. What is not here is free text.
/// </summary>
static class JsonMembers
{
    static readonly FrozenDictionary<string, AttributeRule> All = Build().ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Names that say what stands where and hold nothing themselves.</summary>
    static readonly FrozenSet<string> Structure = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "srcNode", "dstNodes", "virtualTraffic", "subnetTraffic", "exitTraffic", "physicalTraffic", "src", "dst", "target", "data", "event", "fields", "logs");

    /// <summary>False for names that a sender made up.</summary>
    public static bool IsKnown(string name) => All.ContainsKey(name) || Structure.Contains(name);

    /// <param name="parent">Name of the member whose value the object is, or empty.</param>
    public static AttributeRule? Find(string parent, string name) =>
        All.TryGetValue($"{parent}.{name}", out var rule) || All.TryGetValue(name, out rule) ? rule : null;

    static Dictionary<string, AttributeRule> Build()
    {
        var rules = new Dictionary<string, AttributeRule>(StringComparer.OrdinalIgnoreCase);

        Add(AttributeKind.Category, NodeIds, "nodeId", "stableId", "machineId", "host.id");
        Add(AttributeKind.Address, None, "addresses", "address", "ip", "clientIp", "endpoints");
        foreach (var kind in (string[])["virtualTraffic", "subnetTraffic", "exitTraffic", "physicalTraffic"])
            Add(AttributeKind.Address, None, $"{kind}.src", $"{kind}.dst");
        Add(AttributeKind.NodeName, None, "srcNode.name", "dstNodes.name", "deviceName", "host", "hostname", "computedName", "node");
        Add(AttributeKind.Owner, Emails, "srcNode.user", "dstNodes.user", "data.user", "managedBy");
        Add(AttributeKind.Owner, Emails | UserDisplayNames | UserIds, "user", "username");
        Add(AttributeKind.Category, Emails, "loginName", "actor", "email", "emails", "login");
        Add(AttributeKind.Category, UserDisplayNames, "displayName", "fullName");
        Add(AttributeKind.Category, UserIds, "userId");
        Add(AttributeKind.Category, UserIds | NodeIds, "id");
        Add(AttributeKind.TargetName, Hostnames | Emails | UserDisplayNames, "name");
        Add(AttributeKind.ActorId, UserIds, "actor.id");
        Add(AttributeKind.ActorLogin, Emails, "actor.loginName");
        Add(AttributeKind.ActorName, UserDisplayNames, "actor.displayName");
        Add(AttributeKind.TargetId, None, "target.id");
        Add(AttributeKind.TargetName, FreeTextDetails, "target.name");
        Add(AttributeKind.Vocabulary, FreeTextDetails, "property", "action", "origin");
        Add(AttributeKind.TypeName, FreeTextDetails, "type");
        Add(AttributeKind.HexNumber, FreeTextDetails, "eventGroupId");
        Add(AttributeKind.Category, TailnetName, "tailnet", "tailnetId");
        Add(AttributeKind.Text, EndpointPaths, "url", "path", "uri", "endpointUrl");
        Add(AttributeKind.Category, NetworkTopology, "advertisedRoutes", "enabledRoutes", "routes", "searchPaths", "magicDnsSuffix");
        Add(AttributeKind.Text, CommandText, "command", "args");
        Add(AttributeKind.Text, FreeTextDetails, "message", "old", "new", "actionDetails", "error", "oldPolicy", "newPolicy", "source", "sourcetype", "index");

        Add(AttributeKind.Safe, None, "logged", "recorded", "start", "end", "time", "t", "eventTime", "deferredAt", "timestamp", "expiration", "version");
        Add(AttributeKind.Safe, None, "txBytes", "rxBytes", "txPkts", "rxPkts", "proto", "tags", "os", "oldRoles", "newRoles", "isEphemeral");
        return rules;

        void Add(AttributeKind kind, PiiCategories categories, params string[] names)
        {
            foreach (var name in names)
                rules.Add(name, new AttributeRule(kind, categories));
        }
    }
}
