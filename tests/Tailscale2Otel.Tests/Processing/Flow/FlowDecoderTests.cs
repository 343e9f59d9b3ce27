using System.Text;
using Tailscale2Otel.Processing.Flow;

namespace Tailscale2Otel.Tests.Processing.Flow;

sealed partial class FlowDecoderTests
{
    readonly FlowRecord _record = new();

    [TestCase("""{"nodeId":"n1"}""", 0)]
    [TestCase("""{"nodeId":"n1","virtualTraffic":null}""", 0)]
    [TestCase("""{"nodeId":"n1","virtualTraffic":[]}""", 0)]
    [TestCase("""{"nodeId":"n1","virtualTraffic":[null,{},null]}""", 1)]
    [TestCase(""" { "nodeId" : "n1" , "virtualTraffic" : [ { } , { "proto" : 6 } ] } """, 2)]
    [TestCase("""{"virtualTraffic":[{}],"exitTraffic":[{}],"virtualTraffic":[{}],"nodeId":"n1"}""", 3)]
    [TestCase("""{"nodeId":"n1","novelty":{"virtualTraffic":[{}]},"exitTraffic":[{"txBytes":1,"novelty":[[]]}]}""", 1)]
    [TestCase("""{"nodeId":"n1","exitTraffic":[{"txBytes":1}]}""", 1)]
    [TestCase("""{"nodeId":5,"exitTraffic":[{}]}""", 1)]
    [TestCase("""{"nodeId":"n1","logged":"whenever","exitTraffic":[{}]}""", 1)]
    [TestCase("""{"nodeId":"n1","logged":{},"exitTraffic":[{}]}""", 1)]
    [TestCase("""{"nodeId":"n1","srcNode":null,"dstNodes":null,"exitTraffic":[{}]}""", 1)]
    [TestCase("""{"nodeId":"n1","srcNode":[],"dstNodes":{},"exitTraffic":[{}]}""", 1)]
    [TestCase("""{"nodeId":"n1","srcNode":{"addresses":7,"tags":{},"os":[],"user":{"a":1}},"dstNodes":[null,1,{"addresses":["x",{},null,[]]}],"exitTraffic":[{}]}""", 1)]
    public void Reads_a_record_however_it_is_written(string json, int rows)
    {
        Assert.That(Decode(json), Is.EqualTo(FlowDecodeError.None));
        Assert.That(_record.Rows.Length, Is.EqualTo(rows));
        Assert.That(_record.Faults, Is.EqualTo(FlowFaults.None));
    }

    [TestCase("", FlowDecodeError.Malformed)]
    [TestCase("{", FlowDecodeError.Malformed)]
    [TestCase("""{"nodeId":"n1"}{}""", FlowDecodeError.Malformed)]
    [TestCase("""{"nodeId":"n1"} x""", FlowDecodeError.Malformed)]
    [TestCase("""{"nodeId":"n1","virtualTraffic":[{]}""", FlowDecodeError.Malformed)]
    [TestCase("[]", FlowDecodeError.WrongType)]
    [TestCase("null", FlowDecodeError.WrongType)]
    [TestCase("{}", FlowDecodeError.NoNode)]
    [TestCase("""{"nodeId":""}""", FlowDecodeError.NoNode)]
    [TestCase("""{"nodeId":null}""", FlowDecodeError.NoNode)]
    [TestCase("""{"nodeId":{}}""", FlowDecodeError.WrongType)]
    [TestCase("""{"nodeId":"n1","virtualTraffic":{}}""", FlowDecodeError.WrongType)]
    [TestCase("""{"nodeId":"n1","virtualTraffic":"[]"}""", FlowDecodeError.WrongType)]
    [TestCase("""{"nodeId":"n1","virtualTraffic":[1]}""", FlowDecodeError.WrongType)]
    [TestCase("""{"nodeId":"n1","virtualTraffic":[[]]}""", FlowDecodeError.WrongType)]
    [TestCase("""{"nodeId":"n1","virtualTraffic":[{"src":{}}]}""", FlowDecodeError.WrongType)]
    [TestCase("""{"nodeId":"n1","virtualTraffic":[{"proto":[6]}]}""", FlowDecodeError.WrongType)]
    [TestCase("""{"nodeId":"n1","virtualTraffic":[{"proto":true}]}""", FlowDecodeError.WrongType)]
    [TestCase("""{"nodeId":"n1","virtualTraffic":[{"txBytes":true}]}""", FlowDecodeError.UnreadableNumber)]
    [TestCase("""{"nodeId":"n1","virtualTraffic":[{"txBytes":{}}]}""", FlowDecodeError.UnreadableNumber)]
    [TestCase("""{"nodeId":"n1","virtualTraffic":[{"txBytes":1.5}]}""", FlowDecodeError.UnreadableNumber)]
    [TestCase("""{"nodeId":"n1","virtualTraffic":[{"txBytes":"many"}]}""", FlowDecodeError.UnreadableNumber)]
    [TestCase("""{"nodeId":"n1","virtualTraffic":[{"txBytes":18446744073709551616}]}""", FlowDecodeError.UnreadableNumber)]
    [TestCase("""{"nodeId":"n1","start":"yesterday"}""", FlowDecodeError.UnreadableTime)]
    [TestCase("""{"nodeId":"n1","end":[]}""", FlowDecodeError.UnreadableTime)]
    public void Says_why_it_is_not_a_record(string json, FlowDecodeError expected) => Assert.That(Decode(json), Is.EqualTo(expected));

    [TestCase("6", 6)]
    [TestCase("\"6\"", 6)]
    [TestCase("6.0", 6)]
    [TestCase("\"tcp\"", 6)]
    [TestCase("\"TCP\"", 6)]
    [TestCase("\"\\u0074cp\"", 6)]
    [TestCase("\"IPv6-ICMP\"", 58)]
    [TestCase("255", 255)]
    [TestCase("\"\"", 0)]
    [TestCase("null", 0)]
    [TestCase("0", 0)]
    [TestCase("\"quic\"", FlowRow.UnknownProtocol)]
    public void Reads_a_protocol_in_every_spelling(string proto, int expected)
    {
        Assert.That(Decode($$"""{"nodeId":"n1","virtualTraffic":[{"proto":{{proto}}}]}"""), Is.EqualTo(FlowDecodeError.None));
        Assert.That(_record.Rows[0].Protocol, Is.EqualTo(expected));
        Assert.That(_record.Faults, Is.EqualTo(FlowFaults.None));
    }

    [TestCase("256")]
    [TestCase("-1")]
    [TestCase("6.5")]
    [TestCase("1e9")]
    [TestCase("\"256\"")]
    [TestCase("\"-6\"")]
    public void Notes_a_protocol_that_no_packet_can_have(string proto)
    {
        Assert.That(Decode($$"""{"nodeId":"n1","virtualTraffic":[{"proto":{{proto}}}]}"""), Is.EqualTo(FlowDecodeError.None));
        Assert.That(_record.Faults, Is.EqualTo(FlowFaults.InvalidProtocol));
    }

    [TestCase("18446744073709551615", ulong.MaxValue)]
    [TestCase("\"18446744073709551615\"", ulong.MaxValue)]
    [TestCase("\"12\"", 12UL)]
    [TestCase("1e3", 1000UL)]
    [TestCase("-0", 0UL)]
    [TestCase("\"\"", 0UL)]
    [TestCase("null", 0UL)]
    public void Reads_counters_over_their_whole_range(string value, ulong expected)
    {
        Assert.That(Decode($$"""{"nodeId":"n1","exitTraffic":[{"txPkts":{{value}},"txBytes":{{value}},"rxPkts":{{value}},"rxBytes":{{value}}}]}"""), Is.EqualTo(FlowDecodeError.None));

        var row = _record.Rows[0];
        Assert.That(new[] { row.TxPackets, row.TxBytes, row.RxPackets, row.RxBytes }, Is.All.EqualTo(expected));
        Assert.That(_record.Faults, Is.EqualTo(FlowFaults.None));
    }

    [TestCase("\"2026-07-27T12:00:00.5Z\"", 1_785_153_600_500_000_000)]
    [TestCase("\"2026-07-27T12:00\\u003a00.5Z\"", 1_785_153_600_500_000_000)]
    [TestCase("1785153600.5", 1_785_153_600_500_000_000)]
    [TestCase("\"1785153600.5\"", 1_785_153_600_500_000_000)]
    [TestCase("\"0001-01-01T00:00:00Z\"", 0)]
    [TestCase("\"\"", 0)]
    [TestCase("null", 0)]
    public void Reads_times_as_text_or_as_numbers(string value, long expected)
    {
        Assert.That(Decode($$"""{"nodeId":"n1","start":{{value}},"end":{{value}},"logged":{{value}}}"""), Is.EqualTo(FlowDecodeError.None));
        Assert.That((_record.Start, _record.End, _record.Logged), Is.EqualTo((expected, expected, expected)));
    }

    [Test]
    public void Reads_escaped_names_and_texts()
    {
        const string json = """{"node\u0049d":"n\u0031","srcNode":{"name":"a\/b.ts.net","user":"Zo\u00eb"},"exitTraffic":[{"sr\u0063":"100.64.0.1\u003a22"}]}""";
        var payload = Encoding.UTF8.GetBytes(json);

        Assert.That(FlowDecoder.Decode(payload, _record), Is.EqualTo(FlowDecodeError.None));

        var text = _record.Text(payload);
        Assert.That(Encoding.UTF8.GetString(text[_record.NodeId]), Is.EqualTo("n1"));
        Assert.That(Encoding.UTF8.GetString(text[_record.Nodes[0].Name]), Is.EqualTo("a/b.ts.net"));
        Assert.That(Encoding.UTF8.GetString(text[_record.Nodes[0].User]), Is.EqualTo("Zoë"));
        Assert.That(Encoding.UTF8.GetString(text[_record.Rows[0].Source.Host]), Is.EqualTo("100.64.0.1"));
        Assert.That(_record.Rows[0].Source.Port, Is.EqualTo(22));
    }

    [TestCase("""["tag:web","tag:prod","tag:web"]""", "tag:prod,tag:web")]
    [TestCase("""["tag:\u0077eb","tag:prod"]""", "tag:prod,tag:web")]
    [TestCase("""["tag:web"]""", "tag:web")]
    [TestCase("""[null,"",[],"tag:web"]""", "tag:web")]
    [TestCase("[]", "")]
    [TestCase("\"tag:web\"", "tag:web")]
    public void Joins_tags_sorted_and_once(string tags, string expected)
    {
        var payload = Encoding.UTF8.GetBytes($$"""{"nodeId":"n1","srcNode":{"tags":{{tags}} } }""");

        Assert.That(FlowDecoder.Decode(payload, _record), Is.EqualTo(FlowDecodeError.None));
        Assert.That(Encoding.UTF8.GetString(_record.Text(payload)[_record.Nodes[0].Tags]), Is.EqualTo(expected));
    }

    [TestCase("""{"fields":{"recorded":"2026-07-27T12:00:07.551200917Z"},"time":1785153600.5}""", 1_785_153_607_551_200_917, 1_785_153_600_500_000_000)]
    [TestCase("""{"host":"h","time":"1785153600.5","fields":{"other":[{}]}}""", 0, 1_785_153_600_500_000_000)]
    [TestCase("""{"fields":null,"time":"soon"}""", 0, 0)]
    [TestCase("""{"time":1785153600.5,"fields":""", 0, 1_785_153_600_500_000_000)]
    [TestCase("[]", 0, 0)]
    [TestCase("", 0, 0)]
    public void Takes_from_the_envelope_what_the_record_leaves_out(string metadata, long logged, long time)
    {
        Assert.That(Decode("""{"nodeId":"n1"}"""), Is.EqualTo(FlowDecodeError.None));

        FlowDecoder.ReadEnvelope(Encoding.UTF8.GetBytes(metadata), _record);

        Assert.That((_record.Logged, _record.EnvelopeTime), Is.EqualTo((logged, time)));
    }

    [Test]
    public void Prefers_the_records_own_logged_to_the_envelopes()
    {
        Assert.That(Decode("""{"nodeId":"n1","logged":"2026-07-27T12:00:07Z"}"""), Is.EqualTo(FlowDecodeError.None));

        FlowDecoder.ReadEnvelope("""{"fields":{"recorded":"2026-07-27T12:00:09Z"}}"""u8, _record);

        Assert.That(_record.Logged, Is.EqualTo(1_785_153_607_000_000_000));
    }

    FlowDecodeError Decode(string json) => FlowDecoder.Decode(Encoding.UTF8.GetBytes(json), _record);
}
