using System.Buffers;
using System.Text;
using Tailscale2Otel.Redaction;
using static Tailscale2Otel.Redaction.PiiCategories;

namespace Tailscale2Otel.Tests.Redaction;

sealed class JsonRedactorTests
{
    [TestCase("""{"nodeId":"n1","os":"linux"}""", """{"nodeId":"[redacted]","os":"linux"}""", NodeIds)]
    [TestCase("""{"srcNode":{"nodeId":"n1","name":"web-1","addresses":["100.64.1.1","10.0.0.1"],"user":"a@b"}}""", """{"srcNode":{"nodeId":"n1","addresses":["100.64.1.1","10.0.0.1"],"user":"a@b"}}""", Hostnames)]
    [TestCase("""{"srcNode":{"addresses":["100.64.1.1","10.0.0.1"]}}""", """{"srcNode":{"addresses":["10.0.0.1"]}}""", TailscaleIps)]
    [TestCase("""{"virtualTraffic":[{"src":"100.64.1.1:443","dst":"8.8.8.8:53","txBytes":5}]}""", """{"virtualTraffic":[{"src":"100.64.1.1:443","txBytes":5}]}""", ExternalIps)]
    [TestCase("""{"exitTraffic":[{"src":"nonsense"}]}""", """{"exitTraffic":[{}]}""", InternalIps)]
    [TestCase("""{"actor":{"id":"u1","type":"USER","loginName":"a@b","displayName":"A B"}}""", """{"actor":{"id":"u1","type":"USER","displayName":"A B"}}""", Emails)]
    [TestCase("""{"actor":{"id":"n1","displayName":"web","type":"NODE"}}""", """{"actor":{"displayName":"web","type":"NODE"}}""", NodeIds)]
    [TestCase("""{"target":{"id":"n1","name":"web","type":"NODE","property":"ACL"}}""", """{"target":{"id":"n1","type":"NODE","property":"ACL"}}""", Hostnames)]
    [TestCase("""{"target":{"id":"u1","name":"a","type":"USER"}}""", """{"target":{"name":"a","type":"USER"}}""", UserIds)]
    [TestCase("""{"old":{"os":"linux"},"new":"x","action":"UPDATE"}""", """{"action":"UPDATE"}""", FreeTextDetails)]
    [TestCase("""{"deviceName":{"x":["pixel",7]},"message":"pixel is new"}""", """{"deviceName":{"x":[]},"message":"[redacted] is new"}""", Hostnames)]
    [TestCase("""{"message":"pixel is new","deviceName":"pixel.ts.net"}""", """{"message":"[redacted] is new"}""", Hostnames)]
    [TestCase("""{"unheard of":"of","of":5,"is":true,"no":null}""", """{"is":true,"no":null}""", FreeTextDetails)]
    [TestCase("""{"unheard":"at 10.0.0.1 by a@b.c"}""", """{"unheard":"at [redacted] by a@b.c"}""", InternalIps)]
    [TestCase("""{"10.0.0.1":{"ada@example.com":1}}""", """{"[redacted]":{"[redacted]":1}}""", InternalIps | Emails)]
    [TestCase("""{"h":"line\n\"web-1\" is","hostname":"web-1"}""", """{"h":"line\n\"[redacted]\" is"}""", Hostnames)]
    [TestCase("""{"HOSTNAME":"web-1","\u0068ost":"x"}""", """{}""", Hostnames)]
    [TestCase("""{"tailnet":"example.com","timestamp":"t"}""", """{"timestamp":"t"}""", TailnetName)]
    [TestCase("""{"data":{"user":"a@b","oldRoles":["Member"]}}""", """{"data":{"oldRoles":["Member"]}}""", Emails)]
    [TestCase("""{"data":{"managedBy":"tag:web"}}""", """{"data":{"managedBy":"tag:web"}}""", Emails)]
    [TestCase("""{"advertisedRoutes":["10.0.0.0/8"],"command":"ls"}""", """{"command":"ls"}""", NetworkTopology)]
    [TestCase("""{"a":"\ud800 half","b":1}""", """{"b":1}""", Emails)]
    [TestCase("""{"actor":{"\ud800":1,"id":"n1","type":"NODE"}}""", """{"actor":{"[redacted]":1,"type":"NODE"}}""", NodeIds)]
    [TestCase("""{"nodeId":"n\ud800","os":"linux"}""", """{"nodeId":"[redacted]","os":"linux"}""", Emails)]
    [TestCase("\"text\"", "\"[redacted]\"", FreeTextDetails)]
    [TestCase("12", "\"[redacted]\"", FreeTextDetails)]
    [TestCase(" { \"os\" :\n \"linux\" } ", """{"os":"linux"}""", Emails)]
    public void Takes_out_what_is_removed(string json, string expected, object off)
    {
        var redactor = SomeFilter.Off((PiiCategories)off);
        var (walker, values, output) = (new JsonRedactor(redactor, new TextScrubber(redactor)), new RemovedValues(), new ArrayBufferWriter<byte>());

        Assert.That(walker.TryCollect(Encoding.UTF8.GetBytes(json), AttributeRule.Unregistered, values));
        Assert.That(walker.TryWrite(Encoding.UTF8.GetBytes(json), AttributeRule.Unregistered, values, output));

        Assert.That(Encoding.UTF8.GetString(output.WrittenSpan), Is.EqualTo(expected));
    }

    [TestCase("")]
    [TestCase("{")]
    [TestCase("{} {}")]
    [TestCase("not json")]
    public void Says_what_is_no_json(string text)
    {
        var redactor = SomeFilter.Off(Emails);
        var walker = new JsonRedactor(redactor, new TextScrubber(redactor));

        Assert.That(walker.TryCollect(Encoding.UTF8.GetBytes(text), AttributeRule.Unregistered, new RemovedValues()), Is.False);
        Assert.That(walker.TryWrite(Encoding.UTF8.GetBytes(text), AttributeRule.Unregistered, new RemovedValues(), new ArrayBufferWriter<byte>()), Is.False);
    }

    [Test]
    public void Nesting_is_bounded()
    {
        var redactor = SomeFilter.Off(Emails);
        var walker = new JsonRedactor(redactor, new TextScrubber(redactor));
        static byte[] Nested(int depth) => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"actor\":", depth)) + "1" + new string('}', depth));

        Assert.That(walker.TryCollect(Nested(64), AttributeRule.Unregistered, new RemovedValues()));
        Assert.That(walker.TryCollect(Nested(65), AttributeRule.Unregistered, new RemovedValues()), Is.False);
    }
}
