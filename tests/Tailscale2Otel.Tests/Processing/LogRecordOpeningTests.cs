using Tailscale2Otel.Model;
using Tailscale2Otel.Processing;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Processing;

sealed class LogRecordOpeningTests
{
    [TestCase(RecordSource.Poll, "poll")]
    [TestCase(RecordSource.Stream, "stream")]
    [TestCase(RecordSource.Webhook, "webhook")]
    [TestCase(RecordSource.ObjectStore, "objectstore")]
    [TestCase(RecordSource.Logtail, "logtail")]
    [TestCase(RecordSource.Events, "events")]
    [TestCase(RecordSource.Unknown, "other")]
    public void Names_uid_provider_and_path(RecordSource source, string expected)
    {
        var record = Open(source, "", "0123");

        Assert.That(record.Attributes, Is.EquivalentTo(new Dictionary<string, object>
        {
            ["log.record.uid"] = "0123",
            ["tailscale2otel.provider"] = "tailscale",
            ["tailscale2otel.source"] = expected,
        }));
    }

    [Test]
    public void Names_the_tailnet_where_it_is_known() =>
        Assert.That(Open(RecordSource.Poll, "beispiel.öde", "")["tailscale.tailnet"], Is.EqualTo("beispiel.öde"));

    [Test]
    public void Takes_a_tailnet_of_any_length() =>
        Assert.That(Open(RecordSource.Poll, new string('é', 3000), "")["tailscale.tailnet"], Is.EqualTo(new string('é', 3000)));

    [Test]
    public void Leaves_out_a_uid_that_is_not_there() => Assert.That(Open(RecordSource.Poll, "", "")["log.record.uid"], Is.Null);

    static CollectedRecord Open(RecordSource source, string tailnet, string uid)
    {
        var logs = new CollectingLogWriter();
        var record = new RawRecord
        {
            Position = SpoolPosition.Start,
            Next = new SpoolPosition(1),
            Source = source,
            Signal = RecordSignal.Flow,
            Tailnet = tailnet,
            ReceivedAt = 1,
            Payload = default,
        };
        LogRecordOpening.Begin(logs, record, new LogHeader(default, LogAttributes.FlowEvent, LogSeverity.Info, 1, 2), System.Text.Encoding.ASCII.GetBytes(uid));
        logs.End();
        return logs.Records.Single();
    }
}
