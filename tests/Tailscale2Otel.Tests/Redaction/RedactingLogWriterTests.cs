using System.Text;
using Tailscale2Otel.Model;
using Tailscale2Otel.Redaction;
using Tailscale2Otel.Tests.Support;
using static Tailscale2Otel.Redaction.PiiCategories;

namespace Tailscale2Otel.Tests.Redaction;

sealed partial class RedactingLogWriterTests
{
    [TestCase(true)]
    [TestCase(false)]
    public void A_removed_value_is_not_in_the_body_either_whichever_comes_first(bool bodyFirst)
    {
        var record = Write(Hostnames, LogAttributes.FlowEvent, w =>
        {
            if (bodyFirst)
                w.Body("from web-1 to db-1"u8);
            w.Add(LogAttributes.SrcNode, "web-1"u8);
            w.Add(LogAttributes.SrcOs, "linux"u8);
            if (!bodyFirst)
                w.Body("from web-1 to db-1"u8);
        });

        Assert.That(record.Body, Is.EqualTo("from [redacted] to db-1"));
        Assert.That(record.Attributes, Is.EqualTo(new Dictionary<string, object> { ["tailscale.src.os"] = "linux" }));
    }

    [TestCase("tailscale.webhook.test", "[redacted]")]
    [TestCase("tailscale.stream.event", "[redacted]")]
    [TestCase("tailscale.config.audit", "hello")]
    public void A_body_that_may_say_anything_goes_as_free_text(string name, string expected)
    {
        var known = new[] { LogAttributes.AuditEvent, LogAttributes.FlowEvent }.FirstOrDefault(n => n.Text == name) ?? new Utf8Name(name);

        Assert.That(Write(FreeTextDetails, known, w => w.Body("hello"u8)).Body, Is.EqualTo(expected));
        Assert.That(Write(CommandText, known, w => w.Body("hello"u8)).Body, Is.EqualTo("hello"));
    }

    [Test]
    public void The_actors_type_counts_wherever_it_stands()
    {
        var record = Write(NodeIds, LogAttributes.AuditEvent, w =>
        {
            w.Add(LogAttributes.UserId, "n1"u8);
            w.Add(LogAttributes.TargetId, "u1"u8);
            w.Add(LogAttributes.ActorType, "NODE"u8);
            w.Add(LogAttributes.TargetType, "USER"u8);
        });

        Assert.That(record["user.id"], Is.Null);
        Assert.That(record["tailscale.target.id"], Is.EqualTo("u1"));
    }

    [Test]
    public void Values_of_every_type_pass()
    {
        var record = Write(Emails, LogAttributes.FlowEvent, w =>
        {
            w.Add(LogAttributes.TxBytes, -5L);
            w.Add(new Utf8Name("double"), 1.5);
            w.Add(LogAttributes.Replayed, true);
            w.AddJson("a"u8, """{"b":[1,"x"]}"""u8);
            w.JsonBody("""{"to":"ada@example.com","n":1}"""u8);
            w.Add(LogAttributes.SrcUser, ""u8);
        });

        Assert.That(record.Body, Is.EqualTo("""{"to":"[redacted]","n":1}"""));
        Assert.That(record.Attributes, Is.EqualTo(new Dictionary<string, object> { ["tailscale.tx.bytes"] = -5L, ["double"] = 1.5, ["tailscale2otel.replayed"] = true, ["a"] = """{"b":[1,"x"]}""" }));
    }

    [TestCase("peer", "\"10.0.0.1\"", InternalIps, false)]
    [TestCase("peer", "\"10.0.0.1\"", ExternalIps, true)]
    [TestCase("note", "\"by ada@example.com\"", FreeTextDetails, false)]
    [TestCase("count", "5", FreeTextDetails, false)]
    [TestCase("count", "5", Emails, true)]
    [TestCase("user.name", "\"ada\"", Emails, false)]
    [TestCase("source.address", "\"nonsense\"", TailscaleIps, false)]
    [TestCase("ada@example.com", "5", Emails, false)]
    [TestCase("component", "\"ada\"", FreeTextDetails, false)]
    [TestCase("hostname", "\"web-1\"", Hostnames, false)]
    public void A_senders_own_attribute_is_judged_by_name_and_value(string key, string json, object off, bool stays)
    {
        var record = Write((PiiCategories)off, LogAttributes.StreamEvent, w => w.AddJson(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(json)));

        Assert.That(record.Attributes, Has.Count.EqualTo(stays ? 1 : 0));
    }

    [Test]
    public void Json_in_a_text_is_walked()
    {
        var record = Write(Hostnames | TailscaleIps, LogAttributes.AuditEvent, w => w.Add(LogAttributes.AuditNew, """{"hostname":"web-1","note":"web-1 at 100.64.1.2","ips":["100.64.1.2/32"]}"""u8));

        Assert.That(record["tailscale.audit.new"], Is.EqualTo("""{"note":"[redacted] at [redacted]","ips":[]}"""));
    }

    [Test]
    public void What_a_record_only_mentions_is_not_in_its_body()
    {
        var record = Write(Hostnames, new Utf8Name("tailscale.webhook.nodeAuthorized"), w =>
        {
            w.Body("web-1 was let in"u8);
            w.Mention("""{"deviceName":"web-1.ts.net"}"""u8);
        });

        Assert.That(record.Body, Is.EqualTo("[redacted] was let in"));
        Assert.That(record.Attributes, Is.Empty);
    }

    [Test]
    public void Records_do_not_know_of_each_other()
    {
        var collected = new CollectingLogWriter();
        var writer = new RedactingLogWriter(SomeFilter.Off(Hostnames)).Over(collected);
        writer.Begin(new LogHeader(default, LogAttributes.FlowEvent, LogSeverity.Info, 1, 2));
        writer.Add(LogAttributes.SrcNode, "web-1"u8);
        writer.End();
        writer.Begin(new LogHeader(default, LogAttributes.FlowEvent, LogSeverity.Info, 1, 2));
        writer.Body("web-1"u8);
        writer.End();

        Assert.That(collected.Records[1].Body, Is.EqualTo("web-1"));
    }

    [Test]
    public void Allocates_nothing_for_a_flow_record_once_it_is_warm()
    {
        var inner = new NothingWriter();
        var writer = new RedactingLogWriter(SomeFilter.Off(Hostnames | TailscaleIps | Emails)).Over(inner);
        var header = new LogHeader(default, LogAttributes.FlowEvent, LogSeverity.Info, 1, 2);
        Run(1000);

        var allocated = Allocations.Least(() => Run(10_000));

        Assert.That(inner.Records, Is.EqualTo(51_000));
        Assert.That(allocated, Is.LessThan(10_000));

        void Run(int count)
        {
            for (var i = 0; i < count; i++)
            {
                writer.Begin(header);
                writer.Body("tcp virtual 100.64.1.2:443 -> 100.64.1.3:53 tx=1B rx=2B"u8);
                writer.Add(LogAttributes.SourceAddress, "100.64.1.2"u8);
                writer.Add(LogAttributes.DestinationAddress, "100.64.1.3"u8);
                writer.Add(LogAttributes.SrcNode, "web-1"u8);
                writer.Add(LogAttributes.SrcUser, "ada@example.com"u8);
                writer.Add(LogAttributes.TxBytes, 1L);
                writer.End();
            }
        }
    }

    static CollectedRecord Write(PiiCategories off, Utf8Name name, Action<LogWriter> write)
    {
        var collected = new CollectingLogWriter();
        var writer = new RedactingLogWriter(SomeFilter.Off(off)).Over(collected);
        writer.Begin(new LogHeader(new SpoolPosition(1), name, LogSeverity.Info, 1, 2));
        write(writer);
        writer.End();
        return collected.Records.Single();
    }

    sealed class NothingWriter : LogWriter
    {
        public int Records { get; private set; }

        public override void Begin(in LogHeader header)
        {
        }

        public override void Body(ReadOnlySpan<byte> utf8)
        {
        }

        public override void JsonBody(ReadOnlySpan<byte> json)
        {
        }

        public override void Add(Utf8Name key, ReadOnlySpan<byte> utf8)
        {
        }

        public override void Add(Utf8Name key, long value)
        {
        }

        public override void Add(Utf8Name key, double value)
        {
        }

        public override void Add(Utf8Name key, bool value)
        {
        }

        public override void AddJson(ReadOnlySpan<byte> key, ReadOnlySpan<byte> json)
        {
        }

        public override void End() => Records++;
    }
}
