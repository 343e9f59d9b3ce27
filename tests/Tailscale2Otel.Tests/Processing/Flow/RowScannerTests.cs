using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Tailscale2Otel.Processing.Flow;

namespace Tailscale2Otel.Tests.Processing.Flow;

/// <summary>The scanner is an optimisation: with and without it a payload means the same.</summary>
sealed class RowScannerTests
{
    readonly FlowRecord _scanned = new();
    readonly FlowRecord _read = new();

    [TestCase("""{"nodeId":"n","exitTraffic":[{"proto":6,"src":"100.64.0.1:1","txBytes":7},{"rxPkts":1}],"subnetTraffic":[{}]}""")]
    [TestCase("""{"nodeId":"n","exitTraffic":[{"txBytes":7}, {"txBytes":8} ,{"txBytes":9} ],"x":[1]}""")]
    [TestCase("""{"nodeId":"n","exitTraffic":[{"txBytes":7},null,{"txBytes":8},{ "txBytes":9}],"srcNode":{"name":"behind"}}""")]
    [TestCase("""{"nodeId":"n","exitTraffic":[{"txBytes":7},{"novelty":1,"txBytes":8},{"txBytes":"9"}],"dstNodes":[{"user":"behind"}]}""")]
    [TestCase("""{"exitTraffic":[{"txBytes":7}],"exitTraffic":[{"txBytes":8}],"nodeId":"behind"}""")]
    [TestCase("""{"nodeId":"n","exitTraffic":[{"src":"[fe80::1%eth0]:1"},{"src":"100.64.0.1\u003a1"},{"dst":""}]}""")]
    [TestCase("""{"nodeId":"n","exitTraffic":[{"txBytes":18446744073709551615},{"txBytes":9999999999999999999}]}""")]
    [TestCase("""{"nodeId":"n","exitTraffic":[{"txBytes":1,"txBytes":2,"src":"100.64.0.1:1","src":"100.64.0.2:2"}]}""")]
    [TestCase("""{"nodeId":"n","exitTraffic":[{"proto":256}]}""")]
    [TestCase("""{"nodeId":"n","exitTraffic":[{"src":"nowhere"},{"txBytes":-1}]}""")]
    [TestCase("""{"nodeId":"n","exitTraffic":[{"txBytes":007}]}""")]
    [TestCase("""{"nodeId":"n","exitTraffic":[{"txBytes":1.5}]}""")]
    [TestCase("""{"nodeId":"n","exitTraffic":[{"txBytes":7},]}""")]
    [TestCase("""{"nodeId":"n","exitTraffic":[{"txBytes":7}, ]}""")]
    [TestCase("""{"nodeId":"n","exitTraffic":[{"txBytes":7}{"txBytes":8}]}""")]
    [TestCase("""{"nodeId":"n","exitTraffic":[{"txBytes":7,}]}""")]
    [TestCase("""{"nodeId":"n","exitTraffic":[{"txBytes":7},}""")]
    [TestCase("""{"nodeId":"n","exitTraffic":[{"txBytes":7}""")]
    [TestCase("""{"nodeId":"n","exitTraffic":[{"txBytes":7},""")]
    [TestCase("""{"nodeId":"n","exitTraffic":[""")]
    public void Changes_nothing_but_the_time_it_takes(string json) => Assert.That(Agree(Encoding.UTF8.GetBytes(json)), Is.True);

    [TestCase("0.0.0.0:1")]
    [TestCase("255.255.255.255:65535")]
    [TestCase("100.64.0.1")]
    [TestCase("100.64.0.1:")]
    [TestCase("100.64.0.1:0443")]
    [TestCase("100.64.0.1:65536")]
    [TestCase("100.64.0.1:5x")]
    [TestCase("100.64.0.1:99999999999999999999999")]
    [TestCase("01.64.0.1:5")]
    [TestCase("256.64.0.1:5")]
    [TestCase("4294967297.64.0.1:5")]
    [TestCase("100.64.0:5")]
    [TestCase("100.64.0.1.2:5")]
    [TestCase("100..0.1:5")]
    [TestCase("")]
    [TestCase("[fd7a:115c:a1e0::1]:5")]
    public void Changes_nothing_for_any_endpoint(string text)
    {
        Assert.That(Agree(Encoding.UTF8.GetBytes($$"""{"nodeId":"n","exitTraffic":[{"src":"{{text}}","dst":"{{text}}"}]}""")), Is.True);
        Assert.That(Agree(Encoding.UTF8.GetBytes($$"""{"nodeId":"n","exitTraffic":[{"src":"{{text}}","dst":"{{text}}","txPkts":1,"txBytes":12345678,"rxBytes":2}]}""")), Is.True);
    }

    [Test]
    public void Changes_nothing_for_any_neighbours()
    {
        string[] texts =
        [
            "100.64.0.1:5", "100.64.0.1:443", "100.64.0.1:0", "100.64.0.1:05", "100.64.0.1:65536", "100.64.0.1:123456789", "100.64.0.1:5x", "100.64.0.1:", "100.64.0.1",
            "100.64.0.10:5", "100.64.0.1.5:5", "100.64.0.1]:5", "100.64.0.1\\u003a5", "::ffff:100.64.0.1", "[::ffff:100.64.0.1]:5", "0:0:0:0:0:ffff:100.64.0.1", "0000:0000:0000:00:0:ffff:1.2.3.4",
            "0000:0000:0000:00:0:ffff:1.2.3.4:5", "[fd7a:115c:a1e0::1]:5", "255.255.255.255:65535", "255.255.255.255:1", "",
        ];
        foreach (var first in texts)
        {
            foreach (var second in texts)
            {
                var rows = $$"""{"src":"{{first}}","dst":"1.2.3.4:5"},{"src":"{{second}}","dst":"{{first}}"},{"src":"{{second}}","txPkts":1}""";
                Assert.That(Agree(Encoding.UTF8.GetBytes($$"""{"nodeId":"n","exitTraffic":[{{rows}}]}""")), Is.True, $"{first} {second}");
                Assert.That(Agree(Encoding.UTF8.GetBytes($$"""{"nodeId":"n","exitTraffic":[{{rows}}],"subnetTraffic":[{{rows}}]}""")), Is.True, $"{first} {second}");
            }
        }
    }

    [Test]
    public void Changes_nothing_for_any_number([Values("0", "7", "00", "1234567", "12345678", "123456789012", "9999999999999999999", "18446744073709551616", "1e3", "1.5", "-1", "", "x")] string number, [Values("", ",\"rxBytes\":1")] string rest) =>
        Assert.That(Agree(Encoding.UTF8.GetBytes($$"""{"nodeId":"n","exitTraffic":[{"proto":6,"txPkts":{{number}}{{rest}}}],"logged":"2026-01-01T00:00:00Z"}""")), Is.True);

    [Test]
    public void Takes_every_octet_and_port_that_the_reader_takes()
    {
        for (var value = 0; value <= 300; value++)
            Assert.That(Agree(Encoding.UTF8.GetBytes($$"""{"nodeId":"n","exitTraffic":[{"src":"{{value}}.{{300 - value}}.7.{{value}}:{{value * 220}}","dst":"1.2.3.4:{{value}}","txPkts":1}],"logged":"2026-01-01T00:00:00Z"}""")), Is.True, $"{value}");
    }

    [Test]
    public void Changes_nothing_for_records_however_they_are_written() =>
        Prop.ForAll(SomeFlow.Gen.ToArbitrary(), ArbMap.Default.ArbFor<int>(), (flow, seed) =>
            Agree(Encoding.UTF8.GetBytes(flow.Plain())) && Agree(Encoding.UTF8.GetBytes(flow.Disguised(seed)))).QuickCheckThrowOnFailure();

    [Test]
    public void Changes_nothing_for_records_with_a_byte_changed_or_cut_off()
    {
        var payloads = FlowFixtures.Api.Select(Encoding.UTF8.GetBytes).ToArray();
        var changes =
            from payload in Gen.Elements(payloads)
            from at in Gen.Choose(0, payload.Length - 1)
            from b in Gen.Elements("{}[]\",: 0-.eE\n\\x"u8.ToArray())
            from length in Gen.Frequency((9, Gen.Constant(payload.Length)), (1, Gen.Choose(0, payload.Length)))
            select (payload, at, b, length);

        Prop.ForAll(changes.ToArbitrary(), change =>
        {
            var bytes = change.payload.ToArray();
            bytes[change.at] = change.b;
            return Agree(bytes[..change.length]);
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(3000));
    }

    [Test]
    public void Reads_the_fixtures_rows()
    {
        foreach (var payload in FlowFixtures.Api.Select(Encoding.UTF8.GetBytes))
        {
            var at = payload.AsSpan().IndexOf("Traffic\":[{"u8);
            if (at < 0)
                continue;

            _scanned.Clear();
            var end = RowScanner.Scan(payload, at + 10, _scanned, TrafficType.Virtual);

            Assert.That((char)payload[end], Is.EqualTo(']'), "to the end of the array");
            Assert.That(_scanned.Rows.Length, Is.Positive);
        }
    }

    bool Agree(byte[] payload)
    {
        var error = FlowDecoder.Decode(payload, _scanned);
        return error == FlowDecoder.Decode(payload, _read, scan: false) && (error != FlowDecodeError.None || Describe(_scanned, payload) == Describe(_read, payload));
    }

    static string Describe(FlowRecord record, byte[] payload)
    {
        var result = new StringBuilder();
        result.Append(record.Start).Append(' ').Append(record.End).Append(' ').Append(record.Logged).Append(' ').Append(record.Faults);
        Add(record.NodeId);
        foreach (var row in record.Rows)
        {
            result.Append('\n').Append(row.Type).Append(' ').Append(row.Protocol).Append(' ').Append(row.TxPackets).Append(' ').Append(row.TxBytes)
                .Append(' ').Append(row.RxPackets).Append(' ').Append(row.RxBytes);
            foreach (var end in new[] { row.Source, row.Destination })
            {
                Add(end.Text);
                Add(end.Host);
                result.Append(' ').Append(end.Address).Append(' ').Append(end.Port).Append(' ').Append(end.Zone);
            }
        }

        foreach (var node in record.Nodes)
        {
            Add(node.NodeId);
            Add(node.Name);
            Add(node.User);
            Add(node.Os);
            Add(node.Tags);
        }

        return result.ToString();

        void Add(TextSlice slice) => result.Append(' ').Append(Encoding.Latin1.GetString(record.Text(payload)[slice]));
    }
}
