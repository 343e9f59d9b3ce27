using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing;
using Tailscale2Otel.Redaction;
using Tailscale2Otel.Spool.DeadLetters;
using Tailscale2Otel.Tests.Processing.Flow;
using Tailscale2Otel.Tests.Support;
using static Tailscale2Otel.Redaction.PiiCategories;

namespace Tailscale2Otel.Tests.Redaction;

sealed class LetterRedactorTests
{
    [Test]
    public void A_record_is_written_without_what_is_removed()
    {
        var line = Write(Hostnames | TailscaleIps | TailnetName, """{"nodeId":"n1","srcNode":{"name":"web-1.ts.net"},"virtualTraffic":[{"src":"100.64.1.2:443","dst":"8.8.8.8:53"}]}""",
            """{"host":"web-1","fields":{"recorded":"t","note":"for example.com"}}""", "web-1 at 100.64.1.2 of example.com is no good");

        Assert.Multiple(() =>
        {
            Assert.That(line.GetProperty("record").GetRawText(), Is.EqualTo("""{"nodeId":"n1","srcNode":{},"virtualTraffic":[{"dst":"8.8.8.8:53"}]}"""));
            Assert.That(line.GetProperty("metadata").GetRawText(), Is.EqualTo("""{"fields":{"recorded":"t","note":"for [redacted]"}}"""));
            Assert.That(line.GetProperty("message").GetString(), Is.EqualTo("[redacted] at [redacted] of [redacted] is no good"));
            Assert.That(line.GetProperty("tailnet").GetString(), Is.Empty);
        });
    }

    [TestCase(Hostnames | NodeIds | Emails)]
    [TestCase(Ips)]
    [TestCase(FreeTextDetails | UserIds | TailnetName)]
    public void What_is_left_of_a_flow_record_can_be_sent_again(object off)
    {
        using var bench = new FlowBench();
        foreach (var payload in FlowFixtures.Api)
        {
            var record = Write((PiiCategories)off, payload, "", "why").GetProperty("record").GetRawText();

            Assert.That(bench.Process(record).Outcome, Is.EqualTo(ProcessOutcome.Mapped), record);
        }
    }

    [Test]
    public void A_record_of_many_nodes_keeps_its_times()
    {
        var nodes = string.Join(',', Enumerable.Range(0, 2000).Select(i => $$"""{"name":"node-{{i}}"}"""));
        var line = Write(Hostnames, $$"""{"start":"2026-07-27T12:00:00Z","dstNodes":[{{nodes}}],"message":"node-7"}""", "", "why");

        Assert.That(line.GetProperty("record").GetProperty("start").GetString(), Is.EqualTo("2026-07-27T12:00:00Z"));
        Assert.That(line.GetProperty("record").GetProperty("message").GetString(), Is.EqualTo("[redacted]"));
    }

    [TestCase("plain words")]
    [TestCase("{\"nodeId\":\"n1\"")]
    public void What_is_no_json_is_not_written(string payload)
    {
        var line = Write(CommandText, payload, "", "why");

        Assert.That(line.GetProperty("record_text").GetString(), Is.EqualTo("[redacted]"));
        Assert.That(line.GetProperty("message").GetString(), Is.EqualTo("why"));
    }

    [Test]
    public void A_backends_message_is_free_text() =>
        Assert.That(Write(FreeTextDetails, "{}", "", "why").GetProperty("message").GetString(), Is.EqualTo("[redacted]"));

    [Test]
    public void With_everything_emitted_the_line_is_as_it_was_received()
    {
        const string Payload = """{ "nodeId": "n1", "name":"web-1" }""";
        var line = Write(None, Payload, """{"host":"web-1"}""", "web-1");

        Assert.That(line.GetProperty("record").GetRawText(), Is.EqualTo(Payload));
        Assert.That(line.GetProperty("metadata").GetRawText(), Is.EqualTo("""{"host":"web-1"}"""));
        Assert.That(line.GetProperty("message").GetString(), Is.EqualTo("web-1"));
        Assert.That(line.GetProperty("tailnet").GetString(), Is.EqualTo("example.com"));
    }

    [Test]
    public void What_is_not_there_stays_so()
    {
        var redactor = new LetterRedactor(SomeFilter.Off(FreeTextDetails));
        var record = new RawRecord
        {
            Position = new SpoolPosition(1),
            Next = new SpoolPosition(2),
            Source = RecordSource.Poll,
            Signal = RecordSignal.Audit,
            Tailnet = "example.com",
            ReceivedAt = 5,
            Payload = default,
        };

        var redacted = redactor.Redact(record);

        Assert.That(redacted.Payload.IsEmpty && redacted.Metadata.IsEmpty);
        Assert.That(redacted.Tailnet, Is.EqualTo("example.com"));
        Assert.That(redactor.Redact((string?)null), Is.Null);
        Assert.That(redactor.Redact(""), Is.Empty);
    }

    static JsonElement Write(PiiCategories off, string payload, string metadata, string message)
    {
        using var folder = new TemporaryFolder();
        using var meter = new Meter("test");
        using (var letters = new DeadLetters(new DeadLetterOptions(), folder.Path, new ManualTime(), meter, NullLogger.Instance, SomeFilter.Off(off)))
        {
            var record = new RawRecord
            {
                Position = new SpoolPosition(1),
                Next = new SpoolPosition(2),
                Source = RecordSource.Stream,
                Signal = RecordSignal.Flow,
                Tailnet = "example.com",
                ReceivedAt = 5,
                Metadata = Encoding.UTF8.GetBytes(metadata),
                Payload = Encoding.UTF8.GetBytes(payload),
            };
            Assert.That(letters.TryWrite(record, "refused_by_backend", 400, message));
        }

        return JsonDocument.Parse(File.ReadAllText(folder.File(DeadLetters.FileName))).RootElement;
    }
}
