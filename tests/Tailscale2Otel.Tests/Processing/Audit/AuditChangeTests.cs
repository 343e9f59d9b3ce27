using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing;
using Tailscale2Otel.Processing.Audit;
using Tailscale2Otel.Processing.Deduplication;
using Tailscale2Otel.Tests.Processing.Webhook;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Processing.Audit;

/// <summary>One change as the audit log and as a webhook tell it.</summary>
public sealed class AuditChangeTests
{
    static IEnumerable<TestCaseData> Pairs =>
    [
        Pair("nodeCreated", """{"nodeID":"n1"}""", "NODE", "CREATE"),
        Pair("nodeDeleted", """{"nodeID":"n1"}""", "NODE", "DELETE"),
        Pair("nodeApproved", """{"nodeID":"n1"}""", "NODE", "APPROVE"),
        Pair("nodeAuthorized", """{"nodeID":"n1"}""", "NODE", "APPROVE"),
        Pair("nodeKeyExpired", """{"nodeID":"n1"}""", "NODE", "EXPIRED", "KEY_EXPIRY_TIME"),
        Pair("userCreated", """{"user":"Ada@example.com"}""", "USER", "CREATE"),
        Pair("userApproved", """{"user":"ada@example.com"}""", "USER", "APPROVE"),
        Pair("userSuspended", """{"user":"ada@example.com"}""", "USER", "SUSPEND"),
        Pair("userRestored", """{"user":"ada@example.com"}""", "USER", "RESTORE"),
        Pair("userDeleted", """{"user":"ada@example.com"}""", "USER", "DELETE"),
        Pair("userRoleUpdated", """{"user":"ada@example.com","oldRoles":["Member"],"newRoles":["Admin"]}""", "USER", "UPDATE", "USER_ROLE"),
        Pair("policyUpdate", """{"newPolicy":"{\"acls\":[]}","oldPolicy":"{}"}""", "TAILNET", "UPDATE", "ACL"),
    ];

    static IEnumerable<TestCaseData> Strangers =>
    [
        Pair("nodeApproved", """{"nodeID":"n1"}""", "NODE", "UPDATE", "ALLOWED_IPS"),
        Pair("nodeApproved", """{"nodeID":"n1"}""", "NODE", "UPDATE"),
        Pair("nodeCreated", """{"nodeID":"n1"}""", "NODE", "CREATE", "ATTRIBUTES"),
        Pair("nodeCreated", """{"nodeID":"n1"}""", "NODE", "DELETE"),
        Pair("nodeCreated", """{"nodeID":"n2"}""", "NODE", "CREATE"),
        Pair("nodeSigned", """{"nodeID":"n1"}""", "NODE", "UPDATE", "TKA"),
        Pair("userCreated", "null", "USER", "CREATE"),
        Pair("userCreated", """{"user":"grace@example.com"}""", "USER", "CREATE"),
        Pair("policyUpdate", """{"newPolicy":"{}","oldPolicy":"{}"}""", "TAILNET", "UPDATE", "ACL"),
        Pair("policyUpdate", """{"newPolicy":"{\"acls\":[]}"}""", "TAILNET", "UPDATE", "ACL"),
        Pair("test", "null", "NODE", "CREATE"),
    ];

    [TestCaseSource(nameof(Pairs))]
    public void Whichever_comes_first_stays_and_both_name_the_change_the_same(string webhook, string audit)
    {
        var change = Deliver((RecordSignal.Webhook, webhook), (RecordSignal.Audit, audit));
        var other = Deliver((RecordSignal.Audit, audit), (RecordSignal.Webhook, webhook));

        Assert.That(change.Header.EventName.Text, Does.StartWith("tailscale.webhook."));
        Assert.That(other.Header.EventName, Is.EqualTo(LogAttributes.AuditEvent));
        Assert.That(change["tailscale2otel.change.id"], Is.Not.Null.And.EqualTo(other["tailscale2otel.change.id"]));
        Assert.That(change.Uid, Is.Not.EqualTo(other.Uid));
    }

    [TestCaseSource(nameof(Strangers))]
    public void What_only_looks_alike_is_delivered_twice(string webhook, string audit)
    {
        using var both = new Processors();
        Assert.That(both.Process(RecordSignal.Webhook, webhook).Outcome, Is.EqualTo(ProcessOutcome.Mapped));
        Assert.That(both.Process(RecordSignal.Audit, audit).Outcome, Is.EqualTo(ProcessOutcome.Mapped));
    }

    [Test]
    public void An_attempt_that_failed_is_no_change()
    {
        using var both = new Processors();
        both.Process(RecordSignal.Webhook, Webhook("nodeCreated", """{"nodeID":"n1"}"""));
        var failed = Audit("NODE", "CREATE", "").Replace("\"action\"", "\"error\":\"no\",\"action\"", StringComparison.Ordinal);

        Assert.That(both.Process(RecordSignal.Audit, failed).Outcome, Is.EqualTo(ProcessOutcome.Mapped));
    }

    [Test]
    public void Off_is_off()
    {
        using var both = new Processors(isOn: false);
        var records = new[] { (RecordSignal.Webhook, Webhook("nodeCreated", """{"nodeID":"n1"}""")), (RecordSignal.Audit, Audit("NODE", "CREATE", "")) };

        Assert.That(records.Select(r => both.Process(r.Item1, r.Item2).Outcome), Is.All.EqualTo(ProcessOutcome.Mapped));
        Assert.That(both.Records.Select(r => r["tailscale2otel.change.id"]), Is.All.Null);
    }

    static CollectedRecord Deliver((RecordSignal Signal, string Payload) first, (RecordSignal Signal, string Payload) second)
    {
        using var both = new Processors();
        Assert.That(both.Process(first.Signal, first.Payload).Outcome, Is.EqualTo(ProcessOutcome.Mapped));
        Assert.That(both.Process(second.Signal, second.Payload), Is.EqualTo(ProcessResult.SameChange));
        return both.Records.Single();
    }

    static TestCaseData Pair(string type, string data, string target, string action, string property = "") =>
        new TestCaseData(Webhook(type, data), Audit(target, action, property)).SetArgDisplayNames(type, $"{target}.{action}.{property}");

    static string Webhook(string type, string data) => $$"""{"timestamp":"2026-07-27T12:00:05.9Z","version":1,"type":"{{type}}","data":{{data}}}""";

    static string Audit(string target, string action, string property)
    {
        var (id, name) = target == "NODE" ? ("n1", "web") : target == "USER" ? ("u1", "ada@example.com") : ("t", "t");
        var named = property.Length == 0 ? "" : $",\"property\":\"{property}\"";
        return $$$"""{"eventTime":"2026-07-27T12:00:06.1Z","target":{"id":"{{{id}}}","name":"{{{name}}}","type":"{{{target}}}"{{{named}}}},"action":"{{{action}}}","old":"{}","new":"{\"acls\":[]}"}""";
    }

    /// <summary>Both processors over one window of changes.</summary>
    sealed class Processors : IDisposable
    {
        readonly MeterReadings _readings = new();
        readonly WebhookFixture _webhook;
        readonly AuditProcessor _audit;
        long _position;

        public Processors(bool isOn = true)
        {
            var changes = isOn ? new SharedChanges(new DeduplicationWindow()) : null;
            _webhook = new WebhookFixture(changes: changes);
            _audit = new AuditProcessor(new DeduplicationWindow(), new AuditMetrics(_readings.Meter, NullLogger<AuditMetrics>.Instance), new UnreadableTimeMetric(_readings.Meter), changes);
        }

        public List<CollectedRecord> Records => _webhook.Logs.Records;

        public ProcessResult Process(RecordSignal signal, string payload)
        {
            if (signal == RecordSignal.Webhook)
                return _webhook.Process(payload, position: ++_position);

            var record = new RawRecord
            {
                Position = new SpoolPosition(++_position),
                Next = new SpoolPosition(_position + 1),
                Source = RecordSource.Stream,
                Signal = RecordSignal.Audit,
                Tailnet = "",
                ReceivedAt = WebhookFixture.ReceivedAt,
                Payload = Encoding.UTF8.GetBytes(payload),
            };
            return _audit.Process(record, _webhook.Logs, RecordPass.Deliver | RecordPass.Count);
        }

        public void Dispose()
        {
            _readings.Dispose();
            _webhook.Dispose();
        }
    }
}
