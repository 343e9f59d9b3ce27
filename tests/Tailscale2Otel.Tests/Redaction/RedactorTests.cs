using System.Text;
using Tailscale2Otel.Redaction;
using static Tailscale2Otel.Redaction.PiiCategories;

namespace Tailscale2Otel.Tests.Redaction;

sealed class RedactorTests
{
    /// <summary>Attribute, value, types of actor and target, and every category that alone removes it.</summary>
    static IEnumerable<TestCaseData> Decisions()
    {
        yield return Case("tailscale.tailnet", "example.com", TailnetName);
        yield return Case("source.address", "100.64.1.2", TailscaleIps);
        yield return Case("source.address", "10.0.0.1:443", InternalIps);
        yield return Case("destination.address", "8.8.8.8", ExternalIps);
        yield return Case("destination.address", "no address", Ips);
        yield return Case("tailscale.src.node", "external", None);
        yield return Case("tailscale.src.node", "unknown", None);
        yield return Case("tailscale.dst.node", "__other__", None);
        yield return Case("tailscale.dst.node", "web-1.ts.net", Hostnames);
        yield return Case("tailscale.dst.node", "unverified:web-1", Hostnames);
        yield return Case("tailscale.dst.node", "unverified:10.0.0.1", InternalIps);
        yield return Case("tailscale.dst.node", "fd7a:115c:a1e0::1", TailscaleIps);
        yield return Case("tailscale.dst.node", "8.8.8.8", ExternalIps);
        yield return Case("tailscale.exit_node", "web-1.ts.net", Hostnames | NodeIds);
        yield return Case("tailscale.exit_node", "unknown", None);
        yield return Case("tailscale.node.hostname", "web-1", Hostnames);
        yield return Case("tailscale.node.id", "n1", NodeIds);
        yield return Case("tailscale.src.user", "ada@example.com", Emails);
        yield return Case("tailscale.src.tags", "tag:web", None);
        yield return Case("source.port", "443", None);
        yield return Case("user.id", "u1", UserIds, actor: "USER");
        yield return Case("user.id", "n1", UserIds | NodeIds, actor: "NODE");
        yield return Case("user.id", "x", UserIds | NodeIds);
        yield return Case("user.name", "ada@example.com", Emails, actor: "USER");
        yield return Case("user.name", "web-1", Emails | Hostnames, actor: "NODE");
        yield return Case("user.full_name", "Ada Example", UserDisplayNames, actor: "USER");
        yield return Case("user.full_name", "web-1", UserDisplayNames | Hostnames, actor: "node");
        yield return Case("tailscale.target.id", "n1", NodeIds, target: "NODE");
        yield return Case("tailscale.target.id", "u1", UserIds, target: "USER");
        yield return Case("tailscale.target.id", "u1", UserIds, target: "ADMIN_CONSOLE");
        yield return Case("tailscale.target.id", "example.com", TailnetName, target: "TAILNET");
        yield return Case("tailscale.target.id", "k1", None, target: "API_KEY");
        yield return Case("tailscale.target.id", "x", UserIds | NodeIds | TailnetName, target: "SHARE");
        yield return Case("tailscale.target.name", "web-1", Hostnames | FreeTextDetails, target: "NODE");
        yield return Case("tailscale.target.name", "ada@example.com", Emails | UserDisplayNames | FreeTextDetails, target: "USER");
        yield return Case("tailscale.target.name", "ci key", FreeTextDetails, target: "API_KEY");
        yield return Case("tailscale.target.name", "x", Hostnames | Emails | UserDisplayNames | TailnetName | ServiceAddrs | FreeTextDetails);
        yield return Case("tailscale.target.property", "ALLOWED_IPS", None);
        yield return Case("tailscale.target.property", "custom:owner", FreeTextDetails);
        foreach (var key in new[] { "tailscale.audit.action", "tailscale.audit.origin", "tailscale.audit.type", "tailscale.actor.type", "tailscale.target.type" })
        {
            yield return Case(key, "ADMIN_CONSOLE", None);
            yield return Case(key, "other", None);
            yield return Case(key, "SENTINEL ada@example.com", FreeTextDetails);
        }

        yield return Case("tailscale.audit.event_group_id", "8f1f0a77c1e2b3d4a5968778695a4b3c", None);
        yield return Case("tailscale.audit.event_group_id", "2b0c4a5e-1111-2222-3333-444455556666", None);
        yield return Case("tailscale.audit.event_group_id", "of ada@example.com", FreeTextDetails);
        yield return Case("tailscale.webhook.type", "subnetIPForwardingNotEnabled", None);
        yield return Case("tailscale.webhook.type", "SENTINEL ada@example.com", FreeTextDetails);
        yield return Case("tailscale.audit.old", "anything", FreeTextDetails);
        yield return Case("tailscale.audit.new", "8.8.8.8", FreeTextDetails | ExternalIps);
        yield return Case("tailscale.audit.details", "anything", FreeTextDetails);
        yield return Case("error.message", "anything", FreeTextDetails);
        yield return Case("tailscale.webhook.node.id", "n1", NodeIds);
        yield return Case("tailscale.webhook.node.device.name", "web-1", Hostnames);
        yield return Case("tailscale.webhook.node.managed_by", "ada@example.com", Emails);
        yield return Case("tailscale.webhook.node.managed_by", "tag:web,tag:prod", None);
        yield return Case("tailscale.webhook.actor", "ada@example.com", Emails);
        yield return Case("tailscale.webhook.user", "ada@example.com", Emails);
        yield return Case("tailscale.webhook.url", "https://login.tailscale.com/admin", EndpointPaths);
        yield return Case("tailscale2otel.change.id", "00ff", Emails | NodeIds | FreeTextDetails);
        yield return Case("host.name", "web-1", Hostnames);
        yield return Case("host.name", "10.0.0.1", InternalIps);
        yield return Case("com.splunk.source", "anything", FreeTextDetails);
        yield return Case("somebody.else", "anything", FreeTextDetails);
        yield return Case("somebody.else", "10.0.0.1", FreeTextDetails | InternalIps);
        yield return Case("log.record.uid", "00ff", None);
        yield return Case("source.geo.country.iso_code", "DE", ExternalIps);
        yield return Case("destination.as.organization.name", "Example Net", ExternalIps);
        yield return Case("tailscale.service.name", "svc:web", ServiceAddrs);
        yield return Case("tailscale.route.cidr", "some route", NetworkTopology);
        yield return Case("tailscale.k8s.command", "ls", CommandText);
        yield return Case("host.id", "123", NodeIds);
    }

    [TestCaseSource(nameof(Decisions))]
    public void Removes_a_value_when_one_of_its_categories_is_off(string key, string value, string actor, string target, int expected)
    {
        var subjects = new Subjects(Subjects.KindOf(Encoding.UTF8.GetBytes(actor)), Subjects.KindOf(Encoding.UTF8.GetBytes(target)));

        var removing = SomeFilter.Categories
            .Where(c => SomeFilter.Off(c).Decide(key, Encoding.UTF8.GetBytes(value), subjects) == Verdict.Remove)
            .Aggregate(None, (all, c) => all | c);

        Assert.That(removing, Is.EqualTo((PiiCategories)expected));
        Assert.That(SomeFilter.Off(None).Decide(key, Encoding.UTF8.GetBytes(value), subjects), Is.EqualTo(Verdict.Keep));
    }

    [TestCase("tailscale.audit.action")]
    [TestCase("tailscale.audit.event_group_id")]
    [TestCase("tailscale.webhook.type")]
    public void What_is_no_word_of_Tailscale_is_searched(string key) =>
        Assert.That(SomeFilter.Off(Emails).Decide(key, "SENTINEL ada@example.com"u8), Is.EqualTo(Verdict.Scrub));

    [Test]
    public void Values_that_are_no_text_follow_the_rule_of_their_attribute()
    {
        var redactor = SomeFilter.Off(ExternalIps);

        Assert.That(redactor.Removes("source.as.number", 3320L));
        Assert.That(redactor.Removes("source.geo.location.lat", 50.1));
        Assert.That(redactor.Removes("tailscale.tx.bytes", 1L), Is.False);
    }

    [Test]
    public void A_gauge_loses_the_attributes_that_are_removed_and_is_not_reported_without_identity()
    {
        KeyValuePair<string, object?>[] tags = [new("host.name", "web-1"), new("host.id", "1"), new("state", "x")];

        Assert.That(SomeFilter.Off(Emails).TryTags(tags, out var all) && ReferenceEquals(all, tags) is false ? all : tags, Is.EqualTo(tags));
        Assert.That(SomeFilter.Off(Hostnames).TryTags(tags, out var kept));
        Assert.That(kept.Select(t => t.Key), Is.EqualTo(new[] { "host.id", "state" }));
        Assert.That(SomeFilter.Off(Hostnames | NodeIds).TryTags(tags, out _), Is.False);
        Assert.That(SomeFilter.Off(Hostnames).TryTags([new("state", "x")], out var impersonal), "it has no identity to lose");
        Assert.That(impersonal, Has.Length.EqualTo(1));
    }

    [Test]
    public void A_metric_attribute_in_which_something_would_be_cut_is_removed()
    {
        Assert.That(SomeFilter.Off(TailscaleIps).Removes("url.full", "https://login.tailscale.com/admin/machines/100.64.1.2"));
        Assert.That(SomeFilter.Off(InternalIps).Removes("url.full", "https://login.tailscale.com/admin/machines/100.64.1.2"), Is.False);
    }

    static TestCaseData Case(string key, string value, PiiCategories expected, string actor = "", string target = "") =>
        new TestCaseData(key, value, actor, target, (int)expected).SetArgDisplayNames(key, value, actor + target);
}
