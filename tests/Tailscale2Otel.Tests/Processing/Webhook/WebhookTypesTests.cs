using System.Text;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing.Webhook;

namespace Tailscale2Otel.Tests.Processing.Webhook;

public sealed class WebhookTypesTests
{
    const string Node = "actor,node.device.name,node.id,node.managed_by,url";

    /// <summary>Everything that a <c>data</c> may hold, so that what is missing in a log record was left out.</summary>
    const string Data =
        """{"nodeID":"n","deviceName":"d","managedBy":"m","actor":"a","url":"u","expiration":"e","user":"u","oldRoles":["o"],"newRoles":["n"],"newPolicy":"p","oldPolicy":"q"}""";

    static IEnumerable<object[]> Table =>
    [
        ["nodeCreated", LogSeverity.Info, Node],
        ["nodeApproved", LogSeverity.Info, Node],
        ["nodeSigned", LogSeverity.Info, Node],
        ["nodeNeedsApproval", LogSeverity.Warn, Node],
        ["nodeNeedsSignature", LogSeverity.Warn, Node],
        ["nodeDeleted", LogSeverity.Warn, Node],
        ["nodeAuthorized", LogSeverity.Info, ""],
        ["nodeNeedsAuthorization", LogSeverity.Warn, ""],
        ["nodeKeyExpired", LogSeverity.Warn, "actor,key.expiration,node.device.name,node.id,node.managed_by,url"],
        ["nodeKeyExpiringInOneDay", LogSeverity.Warn, "actor,key.expiration,node.device.name,node.id,node.managed_by,url"],
        ["subnetIPForwardingNotEnabled", LogSeverity.Info, ""],
        ["exitNodeIPForwardingNotEnabled", LogSeverity.Info, ""],
        ["policyUpdate", LogSeverity.Info, "actor,url"],
        ["userCreated", LogSeverity.Info, ""],
        ["userApproved", LogSeverity.Info, ""],
        ["userRestored", LogSeverity.Info, ""],
        ["userNeedsApproval", LogSeverity.Warn, ""],
        ["userSuspended", LogSeverity.Warn, ""],
        ["userDeleted", LogSeverity.Warn, ""],
        ["userRoleUpdated", LogSeverity.Info, "actor,new_roles,old_roles,url,user"],
        ["webhookUpdated", LogSeverity.Info, ""],
        ["webhookDeleted", LogSeverity.Warn, ""],
        ["test", LogSeverity.Info, ""],
        ["nodeSuspended", LogSeverity.Info, ""],
        ["somethingNew", LogSeverity.Info, ""],
    ];

    [TestCaseSource(nameof(Table))]
    public void Every_type_has_its_event_name_severity_and_attributes(string type, object severity, string attributes)
    {
        using var webhook = new WebhookFixture();

        var record = webhook.Map($$"""{"timestamp":"2026-07-27T12:00:05Z","version":1,"type":"{{type}}","tailnet":"t","message":"m","data":{{Data}}}""");

        const string prefix = "tailscale.webhook.";
        Assert.That((record.Header.EventName.Text, record.Header.Severity), Is.EqualTo((prefix + type, (LogSeverity)severity)));
        Assert.That(record["tailscale.webhook.type"], Is.EqualTo(type));
        Assert.That(string.Join(',', record.Attributes.Keys.Where(k => k.StartsWith(prefix, StringComparison.Ordinal) && k != "tailscale.webhook.type").Select(k => k[prefix.Length..])), Is.EqualTo(attributes));
        Assert.That(webhook.Counts("tailscale.webhook.events"), Is.EqualTo(new SortedDictionary<string, long> { [$"tailscale.webhook.type={type}"] = 1 }));
    }

    [TestCase("has space")]
    [TestCase("é")]
    [TestCase("a/b")]
    [TestCase("0123456789012345678901234567890123456789012345678901234567890123456789")]
    public void A_name_that_is_none_is_other_in_names_and_as_it_is_in_the_attribute(string type)
    {
        using var webhook = new WebhookFixture();

        var record = webhook.Map($$"""{"type":"{{type}}"}""");

        Assert.That((record.Header.EventName.Text, record["tailscale.webhook.type"]), Is.EqualTo(("tailscale.webhook.other", type)));
        Assert.That(webhook.Counts("tailscale.webhook.events").Keys.Single(), Is.EqualTo("tailscale.webhook.type=other"));
    }

    [Test]
    public void Unknown_names_are_bounded_and_known_ones_always_have_room()
    {
        var types = new WebhookTypes();
        var names = Enumerable.Range(0, 1000).Select(i => types.Find(Encoding.ASCII.GetBytes($"new{i}")).Name).ToList();

        Assert.That(names.Distinct().Count() - 1 + Table.Count() - 2, Is.EqualTo(WebhookTypes.MaxTypes));
        Assert.That(names[^1], Is.EqualTo("other"));
        Assert.That(types.Find("new0"u8).Name, Is.EqualTo("new0"));
        Assert.That(types.Find("nodeDeleted"u8).Name, Is.EqualTo("nodeDeleted"));
    }
}
