using System.Text;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing;
using Tailscale2Otel.Processing.Audit;

namespace Tailscale2Otel.Tests.Processing.Audit;

public sealed class AuditKeyTests
{
    const string Event = """{"eventGroupID":"g","actor":{"id":"u"},"action":"UPDATE","target":{"type":"NODE","id":"n","property":"ACL_TAGS"},"old":"","new":{"a":1,"b":["x"]},"actionDetails":"d","error":"e"}""";

    [TestCase("\"g\"", "\"h\"")]
    [TestCase("\"u\"", "\"v\"")]
    [TestCase("UPDATE", "CREATE")]
    [TestCase("NODE", "USER")]
    [TestCase("\"n\"", "\"m\"")]
    [TestCase("ACL_TAGS", "ACL")]
    [TestCase("\"old\":\"\"", "\"old\":\" \"")]
    [TestCase("\"old\":\"\"", "\"old\":null")]
    [TestCase("\"a\":1", "\"a\":2")]
    [TestCase("\"a\":1", "\"a\":\"1\"")]
    [TestCase("\"d\"", "\"dd\"")]
    [TestCase("\"e\"", "\"\"")]
    public void What_an_event_says_is_in_its_key(string part, string other)
    {
        var changed = Event.Replace(part, other, StringComparison.Ordinal);
        Assert.That(changed, Is.Not.EqualTo(Event));
        Assert.That(Own(changed), Is.Not.EqualTo(Own(Event)));
    }

    [TestCase("""{"type":"CONFIG",""", "{")]
    [TestCase("""{"logged":"2026-07-27T11:59:00Z",""", "{")]
    [TestCase("""{"deferredAt":"2026-07-27T11:59:00Z",""", "{")]
    [TestCase("""{"origin":"NODE",""", "{")]
    [TestCase("""{"b":["x"],"a":1.0}""", """{"a":1,"b":["x"]}""")]
    [TestCase("""{ "a" : 10e-1, "b" : [ "\u0078" ] }""", """{"a":1,"b":["x"]}""")]
    public void How_it_travelled_is_not(string written, string plain)
    {
        var other = Event.Replace(plain, written, StringComparison.Ordinal);
        if (plain == "{")
            other = written + Event[1..];
        Assert.That(other, Is.Not.EqualTo(Event));
        Assert.That(Own(other), Is.EqualTo(Own(Event)));
    }

    [Test]
    public void An_absent_value_and_null_are_the_same() =>
        Assert.That(Own(Event.Replace("\"old\":\"\"", "\"old\":null", StringComparison.Ordinal)), Is.EqualTo(Own(Event.Replace("\"old\":\"\",", "", StringComparison.Ordinal))));

    [Test]
    public void Neighbours_are_the_keys_of_the_next_milliseconds()
    {
        var key = Key(Event, 5_000_000);
        Assert.That(key.Before, Is.EqualTo(Key(Event, 4_999_999).Own));
        Assert.That(key.After, Is.EqualTo(Key(Event, 6_000_000).Own));
        Assert.That(key.Own, Is.EqualTo(Key(Event, 5_999_999).Own));
        Assert.That(new[] { key.Before, key.Own, key.After }, Is.Unique);
    }

    static ContentKey Own(string json) => Key(json, 7_000_000).Own;

    static AuditKey Key(string json, long time)
    {
        using var texts = new PooledBytes();
        Assert.That(AuditDecoder.TryDecode(Encoding.UTF8.GetBytes(json), texts, out var record), Is.True);
        return AuditKey.Of("example.com", record, time);
    }
}
