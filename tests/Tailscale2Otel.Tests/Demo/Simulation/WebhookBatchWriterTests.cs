using System.Buffers;
using System.Text;
using System.Text.Json;
using Tailscale2Otel.Demo.Simulation;
using Tailscale2Otel.Ingest.Webhook;
using Tailscale2Otel.Tests.Processing.Webhook;

namespace Tailscale2Otel.Tests.Demo.Simulation;

public sealed class WebhookBatchWriterTests
{
    static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeSeconds(1_785_153_600);

    [Test]
    public void The_same_seed_makes_the_same_bytes()
    {
        var first = Batches(7, 20);

        Assert.That(Batches(7, 20), Is.EqualTo(first));
        Assert.That(Batches(8, 20), Is.Not.EqualTo(first));
    }

    [Test]
    public void Every_event_becomes_a_log_record_of_its_type_and_none_is_a_repeat()
    {
        using var webhook = new WebhookFixture();
        var types = new HashSet<string>();
        foreach (var batch in Batches(1, 40))
        {
            var events = new List<Range>();
            Assert.That(WebhookBatchReader.Read(batch, events), Is.EqualTo(WebhookShape.Array));
            foreach (var range in events)
                types.Add(webhook.Map(Encoding.UTF8.GetString(batch[range])).Header.EventName.Text);
        }

        Assert.That(types, Has.Count.EqualTo(12).And.Member("tailscale.webhook.nodeKeyExpired").And.None.Contains("other"));
        Assert.That(webhook.Counts("tailscale2otel.webhook.data_ignored"), Is.Empty);
        Assert.That(webhook.Counts("tailscale.webhook.schema_drift").Keys, Is.EqualTo(new[] { "field=version,status=known" }));
    }

    [Test]
    public void The_number_of_events_is_told()
    {
        var tailnet = new SimulatedTailnet(5, 1);
        var writer = new WebhookBatchWriter(tailnet.Nodes, tailnet.Users, 1);
        for (var i = 0; i < 20; i++)
        {
            var output = new ArrayBufferWriter<byte>();
            var events = writer.Write(output, Start);
            using var json = JsonDocument.Parse(output.WrittenMemory);
            Assert.That(json.RootElement.GetArrayLength(), Is.EqualTo(events).And.InRange(1, 3));
        }
    }

    static List<byte[]> Batches(int seed, int count)
    {
        var tailnet = new SimulatedTailnet(8, seed);
        var writer = new WebhookBatchWriter(tailnet.Nodes, tailnet.Users, seed);
        var batches = new List<byte[]>();
        for (var i = 0; i < count; i++)
        {
            var output = new ArrayBufferWriter<byte>();
            writer.Write(output, Start.AddSeconds(3 * i));
            batches.Add(output.WrittenSpan.ToArray());
        }

        return batches;
    }
}
