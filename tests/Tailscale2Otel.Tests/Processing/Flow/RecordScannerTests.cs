using System.Text;
using Tailscale2Otel.Processing.Flow;

namespace Tailscale2Otel.Tests.Processing.Flow;

/// <summary>The scanner is an optimisation: with and without it a record and its envelope mean the same.</summary>
sealed class RecordScannerTests
{
    const string Plain = """{"nodeId":"nWEB1aaCNTRL","start":"2026-07-27T12:00:00.104512331Z","end":"2026-07-27T12:00:05Z","virtualTraffic":[{"proto":6,"src":"100.64.0.1:1","dst":"100.64.0.2:443","txPkts":1,"txBytes":2}],"subnetTraffic":[],"exitTraffic":[{"txPkts":3}],"physicalTraffic":[{"src":"100.64.0.1:0","dst":"127.3.3.40:10","rxPkts":1,"rxBytes":2}]}""";
    const string Envelope = """{"time":1785153607.551,"fields":{"recorded":"2026-07-27T12:00:07.551200917Z"}}""";

    static readonly byte[] Replacements = "{}[]\",: 0-.eE\n\\xZT"u8.ToArray();

    readonly FlowRecord _scanned = new();
    readonly FlowRecord _read = new();

    [TestCase(Plain, ExpectedResult = true)]
    [TestCase("""{"nodeId":"n1","srcNode":{}}""", ExpectedResult = false)]
    [TestCase("""{ "nodeId":"n1"}""", ExpectedResult = false)]
    [TestCase("""{"nodeId":"n1","virtualTraffic":[ {"txPkts":3}]}""", ExpectedResult = false)]
    public bool Reads_plain_records_to_their_end(string payload)
    {
        _scanned.Clear();
        return RecordScanner.Scan(Encoding.UTF8.GetBytes(payload), _scanned) == payload.Length - 1;
    }

    [TestCase("""{"nodeId":"n1","start":"2026-07-27T12:00:00Z"} x""")]
    [TestCase("""{"nodeId":"n1","start":1785153600,"end":"1785153605"}""")]
    [TestCase("""{"nodeId":"n1",}""")]
    [TestCase("""{"nodeId":"n1","nodeId":"n2","start":""}""")]
    [TestCase("""{"nodeId":"n\u0031","start":"2026-07-27T12:00:00Z","nodeId":""}""")]
    [TestCase("""{"virtualTraffic":[{"txPkts":3},{"txPkts":4}, {"txPkts":"5"}],"nodeId":"n1"}""")]
    [TestCase("""{"virtualTraffic":[{"txPkts":3},{"txPkts":4}}],"nodeId":"n1"}""")]
    [TestCase("""{"start":"2026-07-27T12:00:00Z"}""")]
    [TestCase("""{"nodeId":"n1","start":"2026-07-27T12:00:00Z"}""")]
    [TestCase("""{"nodeId":"n1","start":"2026-07-27T12:00:00Z" , "end":"2026-07-27T12:00:05Z"}""")]
    public void Changes_nothing(string payload) => Assert.That(Agrees(Encoding.UTF8.GetBytes(payload)), Is.True);

    [Test]
    public void Changes_nothing_for_plain_records_with_a_byte_changed_or_cut_off() => ForEachChange(Plain, Agrees);

    [Test]
    public void Changes_nothing_for_envelopes_with_a_byte_changed_or_cut_off()
    {
        ForEachChange(Envelope, envelope =>
        {
            _scanned.Clear();
            _read.Clear();

            // Without a start the envelope's time is wanted too, which the scanner does not read.
            _scanned.Start = 1;
            FlowDecoder.ReadEnvelope(envelope, _scanned);
            FlowDecoder.ReadEnvelope(envelope, _read);
            return _scanned.Logged == _read.Logged;
        });

        Assert.That(RecordScanner.TryRecorded(Encoding.UTF8.GetBytes(Envelope), _scanned), Is.True);
    }

    static void ForEachChange(string text, Predicate<byte[]> agrees)
    {
        for (var at = 0; at < text.Length; at++)
        {
            Assert.That(agrees(Encoding.UTF8.GetBytes(text[..at])), Is.True, text[..at]);
            foreach (var replacement in Replacements)
            {
                var changed = Encoding.UTF8.GetBytes(text);
                changed[at] = replacement;
                Assert.That(agrees(changed), Is.True, Encoding.UTF8.GetString(changed));
            }
        }
    }

    bool Agrees(byte[] payload)
    {
        var error = FlowDecoder.Decode(payload, _scanned);
        return error == FlowDecoder.Decode(payload, _read, scan: false) && (error != FlowDecodeError.None || Describe(_scanned, payload) == Describe(_read, payload));
    }

    static string Describe(FlowRecord record, byte[] payload)
    {
        var rows = record.Rows.ToArray().Select(r => $"{r.Type} {r.Protocol} {r.Source.Address} {r.Source.Port} {r.Destination.Address} {r.Destination.Port} {r.TxPackets} {r.TxBytes} {r.RxPackets} {r.RxBytes}");
        return $"{Encoding.UTF8.GetString(record.Text(payload)[record.NodeId])} {record.Start} {record.End} {record.Logged} {record.Faults}\n{string.Join('\n', rows)}";
    }
}
