using System.Text;
using Tailscale2Otel.Processing;
using Tailscale2Otel.Processing.Audit;

namespace Tailscale2Otel.Tests.Processing.Audit;

public sealed class AuditDecoderTests
{
    [Test]
    public void Takes_texts_of_another_type_as_they_are_written()
    {
        Check("""{"action":"LOGIN","eventGroupID":12,"origin":true,"error":{"code": 5},"actionDetails":["a"],"actor":{"id":null}}""", record =>
        {
            Assert.That(Text(record.EventGroupId), Is.EqualTo("12"));
            Assert.That(Text(record.Origin), Is.EqualTo("true"));
            Assert.That(Text(record.Error), Is.EqualTo("""{"code": 5}"""));
            Assert.That(Text(record.Details), Is.EqualTo("""["a"]"""));
            Assert.That(record.ActorId.IsEmpty, Is.True);
        });
    }

    [TestCase("null")]
    [TestCase("\"ada\"")]
    [TestCase("[{\"id\":\"x\"}]")]
    [TestCase("7")]
    [TestCase("{}")]
    public void Actor_and_target_of_another_type_are_absent_and_the_rest_is_read(string value)
    {
        Check($$"""{"actor":{{value}},"target":{{value}},"action":"LOGIN","origin":"NODE"}""", record =>
        {
            Assert.That(record.ActorId.IsEmpty && record.TargetId.IsEmpty, Is.True);
            Assert.That(Text(record.Action) + Text(record.Origin), Is.EqualTo("LOGINNODE"));
        });
    }

    [Test]
    public void Passes_over_unknown_members_at_every_level()
    {
        Check("""{"x":{"action":"NO"},"actor":{"y":[1,{"id":"no"}],"id":"u1"},"target":{"z":{"id":"no"},"id":"n1"},"action":"LOGIN"}""", record =>
            Assert.That(Text(record.ActorId) + Text(record.TargetId) + Text(record.Action), Is.EqualTo("u1n1LOGIN")));
    }

    [Test]
    public void Unescapes_texts_and_names()
    {
        Check("""{"act\u0069on":"LOG\u0049N","error":"a\"b\nc\u00e9","actor":{"displayName":"\ud83d\ude00"}}""", record =>
        {
            Assert.That(Text(record.Action), Is.EqualTo("LOGIN"));
            Assert.That(Text(record.Error), Is.EqualTo("a\"b\ncé"));
            Assert.That(Text(record.ActorName), Is.EqualTo("😀"));
        });
    }

    [TestCase("""\ud800""")]
    [TestCase("""\udc00""")]
    [TestCase("""act\ud800""")]
    public void Half_a_surrogate_pair_in_a_name_is_another_name(string name) =>
        Check($$$"""{"{{{name}}}":1,"action":"LOGIN","actor":{"{{{name}}}":1,"id":"u1"},"target":{"{{{name}}}":1,"id":"n1"}}""", record =>
            Assert.That(Text(record.ActorId) + Text(record.TargetId) + Text(record.Action), Is.EqualTo("u1n1LOGIN")));

    [Test]
    public void Of_two_members_with_one_name_the_last_counts() =>
        Check("""{"action":"LOGIN","action":"LOGOUT"}""", record => Assert.That(Text(record.Action), Is.EqualTo("LOGOUT")));

    [TestCase("\"2026-07-27T11:59:00Z\"", 1_785_153_540_000_000_000)]
    [TestCase("\"2026-07-27T13:59:00.000000001+02:00\"", 1_785_153_540_000_000_001)]
    [TestCase("\"0001-01-01T00:00:00Z\"", 0)]
    [TestCase("\"yesterday\"", 0)]
    [TestCase("1785153540", 0)]
    [TestCase("null", 0)]
    [TestCase("{\"a\":[1]}", 0)]
    public void Times_in_another_form_are_absent(string json, long expected)
    {
        Check($$"""{"eventTime":{{json}},"logged":{{json}},"deferredAt":{{json}},"action":"LOGIN"}""", record =>
            Assert.That(new[] { record.EventTime, record.Logged, record.DeferredAt }, Is.All.EqualTo(expected)));
    }

    [TestCase("true", true)]
    [TestCase("false", false)]
    [TestCase("\"true\"", null)]
    [TestCase("null", null)]
    public void Ephemeral_is_a_boolean_or_absent(string json, bool? expected) =>
        Check($$"""{"target":{"isEphemeral":{{json}}},"action":"LOGIN"}""", record => Assert.That(record.TargetIsEphemeral, Is.EqualTo(expected)));

    [Test]
    public void Many_escaped_texts_do_not_move_each_other()
    {
        var details = string.Concat(Enumerable.Repeat("\\u0061", 5000));
        Check($$"""{"actionDetails":"{{details}}","error":"\u0062","action":"\u0063"}""", record =>
        {
            Assert.That(Text(record.Details), Is.EqualTo(new string('a', 5000)));
            Assert.That(Text(record.Error) + Text(record.Action), Is.EqualTo("bc"));
        });
    }

    static void Check(string json, Examine check)
    {
        using var texts = new PooledBytes(1);
        Assert.That(AuditDecoder.TryDecode(Encoding.UTF8.GetBytes(json), texts, out var record), Is.True);
        check(record);
    }

    delegate void Examine(AuditRecord record);

    static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);
}
