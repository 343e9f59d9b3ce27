using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing.Flow;

namespace Tailscale2Otel.Tests.Processing.Flow;

sealed class FlowKeyTests
{
    readonly FlowRecord _record = new();
    readonly RowOrder _order = new();
    readonly FlowKey _key = new();

    /// <summary>A change here makes every record of the overlap a new one for every daemon that is upgraded.</summary>
    [TestCase(0, "8bc24c277a8df7316910770b09791dcf")]
    [TestCase(1, "f0ade00c8779d5401136c1eedb286f30")]
    public void Stays_what_it_was(int fixture, string expected) => Assert.That(KeyOf(FlowFixtures.Api[fixture]).ToString(), Is.EqualTo(expected));

    // The form as FlowKey describes it, written the slow way: numbers of all lengths, and those beside where one gets longer.
    [Test]
    public void Is_SHA_256_over_the_form_for_a_number_of_any_length()
    {
        for (var bit = 0; bit < 64; bit++)
        {
            foreach (var value in new[] { (1UL << bit) - 1, 1UL << bit, (1UL << bit) + 1 })
            {
                var form = new List<byte> { 1, 0, 0, 0, 0 };
                Number(form, 1);
                form.Add((byte)'n');
                Number(form, 0);
                Number(form, 1_000_000_000);
                Number(form, 0);
                Number(form, 1);
                form.AddRange([(byte)TrafficType.Exit, 0, 0, 0, 0]);
                foreach (var counter in new[] { value, 1UL, value, ulong.MaxValue })
                    Number(form, counter);

                var json = $$"""{"nodeId":"n","end":"1970-01-01T00:00:01Z","exitTraffic":[{"txPkts":{{value}},"txBytes":1,"rxPkts":{{value}},"rxBytes":{{ulong.MaxValue}}}]}""";
                Assert.That(KeyOf(json), Is.EqualTo(ContentKey.From(SHA256.HashData(form.ToArray()))), $"{value}");
            }
        }

        static void Number(List<byte> form, ulong value)
        {
            for (; value >= 0x80; value >>= 7)
                form.Add((byte)(value | 0x80));
            form.Add((byte)value);
        }
    }

    [Test]
    public void Is_the_same_however_the_record_is_written() =>
        Prop.ForAll(SomeFlow.Gen.ToArbitrary(), ArbMap.Default.ArbFor<int>(), (flow, seed) => KeyOf(flow.Plain()) == KeyOf(flow.Disguised(seed)))
            .QuickCheckThrowOnFailure();

    [Test]
    public void Is_the_same_without_the_nodes_and_logged()
    {
        var key = KeyOf("""{"nodeId":"n1","start":"2026-07-27T12:00:00Z","end":"2026-07-27T12:00:05Z","exitTraffic":[{"txBytes":1}]}""");

        Assert.That(KeyOf("""{"logged":"2026-07-27T12:00:07Z","nodeId":"n1","start":"2026-07-27T14:00:00+02:00","end":"2026-07-27T12:00:05.0Z","srcNode":{"nodeId":"x"},"dstNodes":[{}],"exitTraffic":[{"txBytes":"1","txPkts":0}]}"""), Is.EqualTo(key));
    }

    [Test]
    public void Differs_in_everything_that_a_record_says()
    {
        const string record = """{"nodeId":"n1","start":"2026-07-27T12:00:00Z","end":"2026-07-27T12:00:05Z","virtualTraffic":[{"proto":6,"src":"100.64.0.1:1","dst":"[fe80::1%a]:2","txPkts":3,"txBytes":4,"rxPkts":5,"rxBytes":6}]}""";
        (string Old, string New)[] changes =
        [
            ("n1", "n2"), ("00Z", "01Z"), ("05Z", "05.000000001Z"), ("virtual", "subnet"), ("\"proto\":6", "\"proto\":17"), ("\"proto\":6", "\"proto\":\"quic\""),
            ("0.1:1", "0.1:3"), ("0.1:1", "0.2:1"), ("\"src\":\"100.64.0.1:1\",", ""), ("%a", "%b"), ("%a", ""), ("]:2", "]:0"),
            ("Pkts\":3", "Pkts\":4"), ("Bytes\":4", "Bytes\":5"), ("Pkts\":5", "Pkts\":300"), ("Bytes\":6", "Bytes\":18446744073709551615"),
            ("}]", "},{}]"), ("}]", "}],\"subnetTraffic\":[{}]"),
        ];

        var keys = changes.Select(c => KeyOf(record.Replace(c.Old, c.New, StringComparison.Ordinal))).Append(KeyOf(record)).Append(KeyOf(record, "tailnet")).ToList();

        Assert.That(keys, Is.Unique);
    }

    [Test]
    public void Tells_windowless_reports_apart_by_when_they_were_stored()
    {
        const string record = """{"logged":"2026-07-27T12:00:07Z","nodeId":"n1","exitTraffic":[{"txBytes":1}]}""";

        Assert.That(KeyOf(record.Replace("07Z", "12Z", StringComparison.Ordinal)), Is.Not.EqualTo(KeyOf(record)));
    }

    [Test]
    public void Names_the_window_alike_for_other_rows()
    {
        _ = KeyOf("""{"nodeId":"n1","start":"2026-07-27T12:00:00Z","exitTraffic":[{"txBytes":1}],"subnetTraffic":[{}]}""");
        var (window, exit, subnet) = (_key.Window, _key.Fingerprints[(int)TrafficType.Exit], _key.Fingerprints[(int)TrafficType.Subnet]);

        _ = KeyOf("""{"nodeId":"n1","start":"2026-07-27T12:00:00Z","exitTraffic":[{"txBytes":2}],"subnetTraffic":[{}]}""");

        Assert.That(_key.Window, Is.EqualTo(window));
        Assert.That(_key.Fingerprints[(int)TrafficType.Exit], Is.Not.EqualTo(exit));
        Assert.That(_key.Fingerprints[(int)TrafficType.Subnet], Is.EqualTo(subnet));
    }

    [Test]
    public void An_empty_row_is_not_no_row()
    {
        _ = KeyOf("""{"nodeId":"n1","start":"2026-07-27T12:00:00Z","exitTraffic":[{"txBytes":1}],"subnetTraffic":[{}]}""");

        Assert.That(_key.Fingerprints[(int)TrafficType.Subnet], Is.Not.Zero);
        Assert.That(_key.Fingerprints[(int)TrafficType.Virtual], Is.Zero);
    }

    ContentKey KeyOf(string json, string tailnet = "")
    {
        var payload = Encoding.UTF8.GetBytes(json);
        Assert.That(FlowDecoder.Decode(payload, _record), Is.EqualTo(FlowDecodeError.None));
        _key.Fingerprint(_record);
        return _key.Compute(_record, _record.Text(payload), _order.Sort(_record), tailnet);
    }
}
