using System.Text;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing;
using Tailscale2Otel.Processing.Audit;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Processing.Audit;

public sealed class AuditLogTests
{
    [TestCase("\"plain\"", "plain")]
    [TestCase(@"""a\""b\u00e9""", "a\"bé")]
    [TestCase("180", "180")]
    [TestCase("1.50", "1.50")]
    [TestCase("true", "true")]
    [TestCase("[ \"a\" , 1 ]", "[\"a\",1]")]
    [TestCase("{ \"b\" : 1, \"a\" : { } }", "{\"b\":1,\"a\":{}}")]
    [TestCase("[]", "[]")]
    [TestCase("null", null)]
    [TestCase("\"\"", null)]
    public void Values_are_unquoted_or_compact(string json, string? text) =>
        Assert.That(Write($$"""{"action":"UPDATE","old":{{json}}}""")["tailscale.audit.old"], Is.EqualTo(text));

    [TestCase("""["tag:web","tag:prod"]""", "tag:prod,tag:web")]
    [TestCase("""[" tag:b ","tag:a","tag:b",""," "]""", "tag:a,tag:b")]
    [TestCase("""["t\u0061g:a",1,null,["tag:x"],{"k":"tag:y"}]""", "tag:a")]
    [TestCase("\"tag:one\"", "tag:one")]
    [TestCase("[]", null)]
    [TestCase("null", null)]
    [TestCase("5", null)]
    public void Tags_are_trimmed_sorted_and_each_there_once(string json, string? text) =>
        Assert.That(Write($$$"""{"action":"UPDATE","actor":{"tags":{{{json}}}}}""")["tailscale.actor.tags"], Is.EqualTo(text));

    [TestCase("{\"action\":\"LOGIN\"}", "LOGIN")]
    [TestCase("{\"action\":\"LOGIN\",\"origin\":\"NODE\"}", "LOGIN via NODE")]
    [TestCase("{\"action\":\"LOGIN\",\"target\":{\"type\":\"NODE\"}}", "LOGIN on NODE")]
    [TestCase("{\"action\":\"LOGIN\",\"target\":{\"property\":\"ACL\"}}", "LOGIN")]
    public void The_body_says_what_there_is_to_say(string json, string body) => Assert.That(Write(json).Body, Is.EqualTo(body));

    [TestCase("0001-01-01T00:00:00Z", null)]
    [TestCase("2026-07-27T13:59:25.5+02:00", "2026-07-27T11:59:25.5Z")]
    public void Deferral_is_said_when_there_was_one(string deferredAt, string? text) =>
        Assert.That(Write($$"""{"action":"UPDATE","deferredAt":"{{deferredAt}}"}""")["tailscale.audit.deferred_at"], Is.EqualTo(text));

    [TestCase("", "CONFIG")]
    [TestCase("\"type\":\"OTHER\",", "OTHER")]
    public void The_type_is_config_unless_the_record_says_otherwise(string member, string type) =>
        Assert.That(Write($$"""{{{member}}"action":"UPDATE"}""")["tailscale.audit.type"], Is.EqualTo(type));

    static CollectedRecord Write(string json)
    {
        using var texts = new PooledBytes();
        Assert.That(AuditDecoder.TryDecode(Encoding.UTF8.GetBytes(json), texts, out var audit), Is.True);
        var logs = new CollectingLogWriter();
        var record = new RawRecord
        {
            Position = new SpoolPosition(1),
            Next = new SpoolPosition(2),
            Source = RecordSource.Poll,
            Signal = RecordSignal.Audit,
            Tailnet = "",
            ReceivedAt = 3,
            Payload = default,
        };
        AuditLog.Write(logs, record, audit, new AuditTime(1, 2), new ContentKey(1, 2));
        return logs.Records.Single();
    }
}
