using System.Text;
using System.Text.Json;
using Tailscale2Otel.Processing;
using Tailscale2Otel.Processing.Deduplication;

namespace Tailscale2Otel.Tests.Processing.Webhook;

public sealed class WebhookProcessorTests
{
    const long Second = 1_000_000_000;
    const long Hour = 3600 * Second;
    const string Event = """{"timestamp":"2026-07-27T12:00:05Z","version":1,"type":"test","tailnet":"tail-example.ts.net","message":"This is a test event"}""";

    /// <summary>Of <see cref="Event"/>.</summary>
    const long HappenedAt = 1_785_153_605 * Second;

    WebhookFixture _webhook = null!;

    [SetUp]
    public void SetUp() => _webhook = new WebhookFixture();

    [TearDown]
    public void TearDown() => _webhook.Dispose();

    [Test]
    public void The_captured_batch_becomes_log_records()
    {
        using var batch = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Fixtures", "webhook-batch.json")));
        var records = batch.RootElement.EnumerateArray().Select(e => _webhook.Map(e.GetRawText())).ToList();

        Assert.That(string.Join('\n', records.Select(r => WithoutUid(r.Describe()))), Is.EqualTo(
            """
            tailscale.webhook.nodeCreated Info 1785153600123456789 1785153610000000000 Node web-1.tail-example.ts.net created
              tailscale.tailnet: String tail-example.ts.net
              tailscale.webhook.actor: String ada@example.com
              tailscale.webhook.node.device.name: String web-1.tail-example.ts.net
              tailscale.webhook.node.id: String nWEB1aaCNTRL
              tailscale.webhook.node.managed_by: String tag:web
              tailscale.webhook.type: String nodeCreated
              tailscale.webhook.url: String https://login.tailscale.com/admin/machines/100.64.10.1
              tailscale2otel.provider: String tailscale
              tailscale2otel.source: String webhook

            tailscale.webhook.userRoleUpdated Info 1785153601000000000 1785153610000000000 User role updated for grace@example.com
              tailscale.tailnet: String tail-example.ts.net
              tailscale.webhook.actor: String ada@example.com
              tailscale.webhook.new_roles: String Admin
              tailscale.webhook.old_roles: String Member
              tailscale.webhook.type: String userRoleUpdated
              tailscale.webhook.url: String https://login.tailscale.com/admin/users
              tailscale.webhook.user: String grace@example.com
              tailscale2otel.provider: String tailscale
              tailscale2otel.source: String webhook

            tailscale.webhook.policyUpdate Info 1785153602000000000 1785153610000000000 Tailnet policy file updated
              tailscale.tailnet: String tail-example.ts.net
              tailscale.webhook.actor: String ada@example.com
              tailscale.webhook.type: String policyUpdate
              tailscale.webhook.url: String https://login.tailscale.com/admin/acls
              tailscale2otel.provider: String tailscale
              tailscale2otel.source: String webhook

            tailscale.webhook.nodeKeyExpiringInOneDay Warn 1785153603000000000 1785153610000000000 Node key for ada-laptop.tail-example.ts.net will expire in one day
              tailscale.tailnet: String tail-example.ts.net
              tailscale.webhook.actor: String expiring-node-key-marker
              tailscale.webhook.key.expiration: String 2026-07-28T12:00:00Z
              tailscale.webhook.node.device.name: String ada-laptop.tail-example.ts.net
              tailscale.webhook.node.id: String nLAP1ccCNTRL
              tailscale.webhook.node.managed_by: String ada@example.com
              tailscale.webhook.type: String nodeKeyExpiringInOneDay
              tailscale.webhook.url: String https://login.tailscale.com/admin/machines/100.64.20.5
              tailscale2otel.provider: String tailscale
              tailscale2otel.source: String webhook

            tailscale.webhook.userCreated Info 1785153604000000000 1785153610000000000 User created
              tailscale.tailnet: String tail-example.ts.net
              tailscale.webhook.type: String userCreated
              tailscale2otel.provider: String tailscale
              tailscale2otel.source: String webhook

            tailscale.webhook.test Info 1785153605000000000 1785153610000000000 This is a test event
              tailscale.tailnet: String tail-example.ts.net
              tailscale.webhook.type: String test
              tailscale2otel.provider: String tailscale
              tailscale2otel.source: String webhook

            """));
        Assert.That(records.Select(r => r.Uid), Is.Unique.And.All.Length.EqualTo(32));
    }

    [TestCase("""\ud800""")]
    [TestCase("""\udc00""")]
    [TestCase("""t\ud800""")]
    public void Half_a_surrogate_pair_in_a_name_is_another_name(string name)
    {
        var record = _webhook.Map($$$"""{"{{{name}}}":1,"type":"nodeCreated","version":1,"data":{"{{{name}}}":1,"nodeID":"n1"}}""", $$$"""{"{{{name}}}":1,"t":1785160000}""");

        Assert.That(record["tailscale.webhook.node.id"], Is.EqualTo("n1"));
    }

    [TestCase("""{"type":"test","version":1,"tailnet":"tail-example.ts.net","message":"This is a test event","timestamp":"2026-07-27T08:00:05.000-04:00"}""")]
    [TestCase("""{"timestamp":"2026-07-27T12:00:05Z", "version":1.0,"type":"t\u0065st","tailnet":"tail-example.ts.net","message":"This is a test event","data":null,"more":[1]}""")]
    public void The_same_event_in_another_form_is_a_duplicate(string copy)
    {
        var first = _webhook.Map(Event);

        Assert.That(_webhook.Process(copy, """{"t":1785160000}"""), Is.EqualTo(ProcessResult.Duplicate));
        Assert.That(_webhook.Logs.Records, Has.Count.EqualTo(1));
        Assert.That(new WebhookFixture().Map(copy).Uid, Is.EqualTo(first.Uid));
        Assert.That(_webhook.Counts("tailscale.webhook.duplicates"), Is.EqualTo(Series(("", 1))));
        Assert.That(_webhook.Counts("tailscale.webhook.events"), Is.EqualTo(Series(("tailscale.webhook.type=test", 1))));
    }

    [TestCase("""{"timestamp":"2026-07-27T12:00:06Z","version":1,"type":"test","tailnet":"tail-example.ts.net","message":"This is a test event"}""")]
    [TestCase("""{"timestamp":"2026-07-27T12:00:05Z","version":1,"type":"test2","tailnet":"tail-example.ts.net","message":"This is a test event"}""")]
    [TestCase("""{"timestamp":"2026-07-27T12:00:05Z","version":1,"type":"test","tailnet":"tail-other.ts.net","message":"This is a test event"}""")]
    [TestCase("""{"timestamp":"2026-07-27T12:00:05Z","version":1,"type":"test","tailnet":"tail-example.ts.net","message":"This is another"}""")]
    [TestCase("""{"timestamp":"2026-07-27T12:00:05Z","version":1,"type":"test","tailnet":"tail-example.ts.net","message":"This is a test event","data":{}}""")]
    [TestCase("""{"timestamp":"not a time","version":1,"type":"test","tailnet":"tail-example.ts.net","message":"This is a test event"}""")]
    public void Another_event_is_not(string other)
    {
        _webhook.Map(Event);
        _webhook.Map(other);
        Assert.That(_webhook.Process(Event, tailnet: "example.com").Outcome, Is.EqualTo(ProcessOutcome.Mapped), "of another tailnet");
    }

    [Test]
    public void Reading_again_is_no_duplicate_and_only_learns_when_that_is_asked()
    {
        Assert.That(_webhook.Process(Event, pass: RecordPass.LearnKey, position: 100).Outcome, Is.EqualTo(ProcessOutcome.Mapped));
        Assert.That(_webhook.Logs.Records, Is.Empty);
        Assert.That(_webhook.Process(Event, position: 100).Outcome, Is.EqualTo(ProcessOutcome.Mapped));
        Assert.That(_webhook.Process(Event, position: 200, pass: RecordPass.Deliver).Outcome, Is.EqualTo(ProcessOutcome.Duplicate));
        Assert.That(_webhook.Counts("tailscale.webhook.events").Values.Sum(), Is.EqualTo(1));
        Assert.That(_webhook.Counts("tailscale.webhook.duplicates"), Is.Empty);
    }

    [TestCase("42")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("""{"type":""}""")]
    [TestCase("""{"type":7}""")]
    [TestCase("""{"type":"test"}}""")]
    [TestCase("""{"type":"test","data":{"a":""")]
    [TestCase("")]
    public void What_is_no_event_is_a_dead_letter(string payload) =>
        Assert.That(_webhook.Process(payload), Is.EqualTo(ProcessResult.DeadLetter("decode_error")));

    [TestCase("tail-example.ts.net", 0)]
    [TestCase("Tail-Example.ts.net", 0)]
    [TestCase("", 0)]
    [TestCase("other.example", 1)]
    public void An_event_that_names_another_tailnet_is_counted_and_delivered_as_what_it_came_in_for(string tailnet, int mismatches)
    {
        _webhook.Map(Event, tailnet: tailnet);
        _webhook.Map("""{"type":"test","message":"of nobody"}""", tailnet: tailnet);

        Assert.That(_webhook.Counts("tailscale2otel.webhook.tailnet_mismatch").Values.Sum(), Is.EqualTo(mismatches));
        Assert.That(_webhook.Logs.Records, Has.Count.EqualTo(2));
    }

    [Test]
    public void An_event_with_little_in_it_is_still_one()
    {
        var record = _webhook.Map("""{"type":"test"}""");

        Assert.That((record.Header.Time, record.Body), Is.EqualTo((HappenedAt, "")), "signed then");
        Assert.That(_webhook.Map("""{"type":"test2"}""", "").Header.Time, Is.EqualTo(WebhookFixture.ReceivedAt));
        Assert.That(_webhook.Counts("tailscale.webhook.schema_drift"), Is.EqualTo(Series(("field=version,status=unknown", 2))));
    }

    [TestCase("2", false)]
    [TestCase("\"1\"", false)]
    [TestCase("null", false)]
    [TestCase("1", true)]
    [TestCase("1.0", true)]
    public void Only_version_1_is_typed(string version, bool isTyped)
    {
        var record = _webhook.Map($$$"""{"type":"nodeCreated","version":{{{version}}},"data":{"nodeID":"n1"}}""");

        Assert.That(record["tailscale.webhook.node.id"], Is.EqualTo(isTyped ? "n1" : null));
        Assert.That(_webhook.Counts("tailscale.webhook.schema_drift").Keys.Single(), Is.EqualTo($"field=version,status={(isTyped ? "known" : "unknown")}"));
    }

    [TestCase("""{"nodeID":7,"deviceName":["x"],"managedBy":{"a":1},"actor":true,"url":"u"}""", "url=u", 4)]
    [TestCase("\"text\"", "", 1)]
    [TestCase("[{}]", "", 1)]
    [TestCase("null", "", 0)]
    [TestCase("{}", "", 0)]
    [TestCase("""{"nodeID":null,"url":"u","surprise":{"nodeID":"inner"}}""", "url=u", 0)]
    [TestCase("""{"nodeID":"a","nodeID":"b\u0022"}""", "node.id=b\"", 0)]
    public void Data_of_another_shape_is_left_out_and_counted(string data, string attributes, int ignored)
    {
        var record = _webhook.Map($$"""{"type":"nodeCreated","version":1,"data":{{data}}}""");

        Assert.That(Typed(record), Is.EqualTo(attributes));
        Assert.That(_webhook.Counts("tailscale2otel.webhook.data_ignored").Values.Sum(), Is.EqualTo(ignored));
    }

    [TestCase("""["Member","Admin"]""", "Member,Admin", 0)]
    [TestCase("""["It \"admin\"","é"]""", "It \"admin\",é", 0)]
    [TestCase("[]", null, 0)]
    [TestCase("""["Member",7]""", null, 1)]
    [TestCase("\"Member\"", null, 1)]
    public void Roles_are_lists_of_texts(string roles, string? expected, int ignored)
    {
        var record = _webhook.Map($$$"""{"type":"userRoleUpdated","version":1,"data":{"oldRoles":{{{roles}}},"user":"ada@example.com"}}""");

        Assert.That((record["tailscale.webhook.old_roles"], record["tailscale.webhook.user"]), Is.EqualTo((expected, "ada@example.com")));
        Assert.That(_webhook.Counts("tailscale2otel.webhook.data_ignored").Values.Sum(), Is.EqualTo(ignored));
    }

    [Test]
    public void Texts_of_the_policy_never_leave()
    {
        var record = _webhook.Map("""{"type":"policyUpdate","version":1,"message":"m","data":{"newPolicy":"hush","oldPolicy":"hush","actor":"a","other":"hush"}}""");

        Assert.That(record.Describe(), Does.Not.Contain("hush"));
    }

    [Test]
    public void The_configured_name_of_the_tailnet_wins() =>
        Assert.That(_webhook.Map(Event, tailnet: "example.com")["tailscale.tailnet"], Is.EqualTo("example.com"));

    [TestCase(0L, 24 * Hour, false)]
    [TestCase(HappenedAt - 300 * Second, 24 * Hour, false)]
    [TestCase(HappenedAt - 299 * Second, 24 * Hour, true)]
    [TestCase(HappenedAt + Hour, 24 * Hour, true)]
    [TestCase(HappenedAt + Hour, 300 * Second, false)]
    [TestCase(0L, 27 * Hour, true)]
    public void A_late_event_says_so_when_it_may_have_been_forgotten(long since, long late, bool mayRepeat)
    {
        using var webhook = new WebhookFixture(since);

        var record = webhook.Map(Event, receivedAt: HappenedAt + late);

        Assert.That(record["tailscale2otel.repeat"], Is.EqualTo(mayRepeat ? "possible" : null));
        Assert.That(webhook.Counts("tailscale2otel.webhook.repeat_possible").Values.Sum(), Is.EqualTo(mayRepeat ? 1 : 0));
        Assert.That(webhook.Log.Lines.Count(l => l.Contains("deduplication.window", StringComparison.Ordinal)), Is.EqualTo(mayRepeat ? 1 : 0));
    }

    [Test]
    public void A_replay_of_what_was_seen_has_no_effect_however_late()
    {
        _webhook.Map(Event);

        Assert.That(_webhook.Process(Event, receivedAt: HappenedAt + (25 * Hour)), Is.EqualTo(ProcessResult.Duplicate));
    }

    [Test]
    public void An_event_far_older_than_its_delivery_is_judged_by_its_own_time()
    {
        using var webhook = new WebhookFixture(HappenedAt + Hour);
        var metadata = $$"""{"t":{{(HappenedAt + (2 * Hour)) / Second}}}""";

        Assert.That(webhook.Map(Event, metadata, receivedAt: HappenedAt + (2 * Hour))["tailscale2otel.repeat"], Is.EqualTo("possible"));
        Assert.That(webhook.Map("""{"type":"untimed"}""", metadata, receivedAt: HappenedAt + (2 * Hour))["tailscale2otel.repeat"], Is.Null, "signed just now");
    }

    [Test]
    public void A_change_is_told_once_and_named_the_same()
    {
        using var webhook = new WebhookFixture(changes: new SharedChanges(new DeduplicationWindow()));
        var change = webhook.Map("""{"timestamp":"2026-07-27T12:00:05Z","version":1,"type":"nodeApproved","data":{"nodeID":"n1"}}""")["tailscale2otel.change.id"];

        Assert.That(change, Is.EqualTo(SharedChange.Of("", SharedChange.NodeApproved, "n1"u8).ToString()));
        Assert.That(webhook.Map("""{"timestamp":"2026-07-27T12:00:05Z","version":1,"type":"userCreated","data":null}""")["tailscale2otel.change.id"], Is.Null, "nobody is named");
        Assert.That(_webhook.Map("""{"timestamp":"2026-07-27T12:00:05Z","version":1,"type":"nodeApproved","data":{"nodeID":"n1"}}""")["tailscale2otel.change.id"], Is.Null, "off");
    }

    [Test]
    public void Any_bytes_are_an_event_or_a_dead_letter()
    {
        var original = Encoding.UTF8.GetBytes("""{"timestamp":"2026-07-27T12:00:01Z","version":1,"type":"userRoleUpdated","tailnet":"t","message":"é\u00e9","data":{"user":"g","oldRoles":["a","b"],"newRoles":["c\""],"x":{"y":[1,2]}}}""");
        var mapped = 0;
        for (var seed = 0; seed < 5000; seed++)
        {
            var payload = Encoding.Latin1.GetString(Tests.Support.Mutations.Of(original, seed));
            mapped += _webhook.Process(payload).Outcome == ProcessOutcome.Mapped ? 1 : 0;
        }

        Assert.That(mapped, Is.InRange(50, 4950));
    }

    static string WithoutUid(string description) => string.Join('\n', description.Split('\n').Where(l => !l.Contains("log.record.uid", StringComparison.Ordinal)));

    static string Typed(Tests.Support.CollectedRecord record) => string.Join(
        ',', record.Attributes.Where(a => a.Key.StartsWith("tailscale.webhook.", StringComparison.Ordinal) && a.Key != "tailscale.webhook.type").Select(a => $"{a.Key["tailscale.webhook.".Length..]}={a.Value}"));

    static SortedDictionary<string, long> Series(params (string Key, long Value)[] series) => new(series.ToDictionary(s => s.Key, s => s.Value), StringComparer.Ordinal);
}
