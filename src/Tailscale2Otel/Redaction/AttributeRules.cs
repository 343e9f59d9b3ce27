using System.Collections.Frozen;
using Tailscale2Otel.Model;
using static Tailscale2Otel.Redaction.PiiCategories;

namespace Tailscale2Otel.Redaction;

/// <summary>
/// The one table of the attributes that hold personal data, on log records, metrics and the resource. An attribute is here or in
/// <see cref="SafeAttributes"/>; a test fails for one that is in neither.
/// </summary>
static class AttributeRules
{
    public static FrozenDictionary<string, AttributeRule> All { get; } = Build().ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The rule of an attribute; of one that is not known free text.</summary>
    public static AttributeRule Of(string key) =>
        All.TryGetValue(key, out var rule) ? rule : SafeAttributes.Contains(key) ? AttributeRule.Safe : AttributeRule.Unregistered;

    static Dictionary<string, AttributeRule> Build()
    {
        var rules = new Dictionary<string, AttributeRule>(StringComparer.Ordinal);

        Add(AttributeKind.Category, TailnetName, LogAttributes.Tailnet.Text);
        Add(AttributeKind.Address, None, LogAttributes.SourceAddress.Text, LogAttributes.DestinationAddress.Text, "tailscale.dns.resolver.address");
        Add(AttributeKind.NodeName, None, LogAttributes.SrcNode.Text, LogAttributes.DstNode.Text, LogAttributes.NodeHostname.Text, LogAttributes.WebhookDeviceName.Text);
        Add(AttributeKind.NodeName, None, LogAttributes.HostName.Text, "tailscale.node", "tailscale.k8s.src_node", "tailscale.k8s.recorder");
        Add(AttributeKind.NodeNameOrId, None, "tailscale.exit_node");
        Add(AttributeKind.Owner, Emails, LogAttributes.SrcUser.Text, LogAttributes.DstUser.Text, LogAttributes.WebhookManagedBy.Text, "tailscale.user");
        Add(AttributeKind.Category, Emails, LogAttributes.WebhookActor.Text, LogAttributes.WebhookUser.Text, "tailscale.k8s.user");
        Add(AttributeKind.Category, NodeIds, LogAttributes.NodeId.Text, LogAttributes.WebhookNodeId.Text, "host.id", "tailscale.k8s.src_node_id");
        Add(AttributeKind.Category, UserIds, "tailscale.key.owner");
        Add(AttributeKind.Category, ServiceAddrs, "tailscale.service.name");
        Add(AttributeKind.Category, NetworkTopology, "tailscale.route.cidr", "tailscale.dns.resolver.domain", "tailscale.dns.search_path.domain");
        Add(AttributeKind.Text, EndpointPaths, LogAttributes.WebhookUrl.Text, "tailscale.endpoint", "tailscale.k8s.path", "url.full");

        Add(AttributeKind.ActorId, UserIds, LogAttributes.UserId.Text);
        Add(AttributeKind.ActorLogin, Emails, LogAttributes.UserName.Text);
        Add(AttributeKind.ActorName, UserDisplayNames, LogAttributes.UserFullName.Text);
        Add(AttributeKind.TargetId, None, LogAttributes.TargetId.Text);
        Add(AttributeKind.TargetName, FreeTextDetails, LogAttributes.TargetName.Text);
        Add(AttributeKind.Vocabulary, FreeTextDetails, LogAttributes.AuditAction.Text, LogAttributes.AuditOrigin.Text, LogAttributes.AuditType.Text);
        Add(AttributeKind.Vocabulary, FreeTextDetails, LogAttributes.ActorType.Text, LogAttributes.TargetType.Text, LogAttributes.TargetProperty.Text);
        Add(AttributeKind.TypeName, FreeTextDetails, LogAttributes.WebhookType.Text);
        Add(AttributeKind.HexNumber, FreeTextDetails, LogAttributes.AuditEventGroupId.Text);
        Add(AttributeKind.Text, FreeTextDetails, LogAttributes.AuditOld.Text, LogAttributes.AuditNew.Text, LogAttributes.AuditDetails.Text, LogAttributes.ErrorMessage.Text);
        Add(AttributeKind.Text, FreeTextDetails, LogAttributes.SplunkSource.Text, LogAttributes.SplunkSourcetype.Text, LogAttributes.SplunkIndex.Text);
        Add(AttributeKind.Text, FreeTextDetails, "exception.message", "exception.stacktrace", "tailscale.device.posture.details", "attribute", "value");
        Add(AttributeKind.Text, CommandText, "tailscale.k8s.command");

        // A digest of little more than a login name, a node's ID or the policy: whoever guesses one of them can tell.
        Add(AttributeKind.Category, Emails | NodeIds | FreeTextDetails, LogAttributes.ChangeId.Text);

        foreach (var end in (string[])["source", "destination"])
        {
            Add(AttributeKind.Category, ExternalIps, $"{end}.geo.country.iso_code", $"{end}.geo.continent.code", $"{end}.geo.locality.name");
            Add(AttributeKind.Category, ExternalIps, $"{end}.geo.region.iso_code", $"{end}.geo.location.lat", $"{end}.geo.location.lon");
            Add(AttributeKind.Category, ExternalIps, $"{end}.as.number", $"{end}.as.organization.name");
        }

        Add(AttributeKind.Category, ExternalIps, "geo.country.iso_code", "geo.continent.code");
        return rules;

        void Add(AttributeKind kind, PiiCategories categories, params string[] keys)
        {
            foreach (var key in keys)
                rules.Add(key, new AttributeRule(kind, categories));
        }
    }
}
