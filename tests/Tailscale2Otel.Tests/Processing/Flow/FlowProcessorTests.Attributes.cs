using Tailscale2Otel.Model;
using Tailscale2Otel.Processing.Flow;

namespace Tailscale2Otel.Tests.Processing.Flow;

// Expected attributes are written as they are read: a number without quotes is an integer, everything else is a string.
sealed partial class FlowProcessorTests
{
    const string Web = "node.id=nWEB1aaCNTRL|node.hostname=unverified:web-1|flow.window.start=2026-07-27T12:00:00.104512331Z|flow.window.end=2026-07-27T12:00:05.107733002Z|reporter.trust=unconfigured|reporter.consistency=match";
    const string Laptop = "node.id=nLAP1ccCNTRL|node.hostname=unverified:ada-laptop|flow.window.start=2026-07-27T12:00:01.5Z|flow.window.end=2026-07-27T12:00:06.500021Z|reporter.trust=unconfigured|reporter.consistency=match";
    const string Router = "node.id=nRTR1ddCNTRL|flow.window.start=2026-07-27T12:00:02Z|flow.window.end=2026-07-27T12:00:07.000000001Z|reporter.trust=unconfigured|reporter.consistency=missing_reference";

    static readonly string[] Expected =
    [
        $"0: icmp virtual 100.64.10.1:0 -> 100.64.20.5:0 tx=168B rx=168B|{Web}|~network.transport=icmp|~network.type=ipv4|traffic_type=virtual|~source.address=100.64.10.1|~destination.address=100.64.20.5|src.node=unverified:web-1|src.tags=tag:prod,tag:web|dst.node=unverified:ada-laptop|dst.user=ada@example.com|dst.os=macOS|#tx=2/168|#rx=2/168",
        $"0: udp virtual 100.64.10.1:53 -> 100.64.20.5:60123 tx=96B rx=0B|{Web}|~network.transport=udp|~network.type=ipv4|traffic_type=virtual|~source.address=100.64.10.1|~source.port=53|~destination.address=100.64.20.5|~destination.port=60123|src.node=unverified:web-1|src.tags=tag:prod,tag:web|dst.node=unverified:ada-laptop|dst.user=ada@example.com|dst.os=macOS|#tx=1/96|#rx=0/0",
        $"0: tcp virtual 100.64.10.1:41822 -> 100.64.10.2:5432 tx=2216B rx=19844B|{Web}|~network.transport=tcp|~network.type=ipv4|traffic_type=virtual|~source.address=100.64.10.1|~source.port=41822|~destination.address=100.64.10.2|~destination.port=5432|src.node=unverified:web-1|src.tags=tag:prod,tag:web|dst.node=unverified:db-1|dst.service=postgresql|dst.tags=tag:db|dst.os=linux|#tx=14/2216|#rx=12/19844",
        $"0: tcp virtual [fd7a:115c:a1e0::a01]:443 -> [fd7a:115c:a1e0::1405]:52114 tx=40110B rx=2890B|{Web}|~network.transport=tcp|~network.type=ipv6|traffic_type=virtual|~source.address=fd7a:115c:a1e0::a01|~source.port=443|~destination.address=fd7a:115c:a1e0::1405|~destination.port=52114|src.node=unverified:web-1|src.tags=tag:prod,tag:web|dst.node=unverified:ada-laptop|dst.user=ada@example.com|dst.os=macOS|#tx=31/40110|#rx=22/2890",
        $"0: unknown physical 100.64.10.2:0 -> 198.51.100.22:41641 tx=2800B rx=20352B|{Web}|~network.transport=unknown|~network.type=ipv4|traffic_type=physical|~source.address=100.64.10.2|~destination.address=198.51.100.22|~destination.port=41641|src.node=unverified:db-1|src.tags=tag:db|src.os=linux|dst.node=external|path=direct|#tx=14/2800|#rx=12/20352",
        $"0: unknown physical 100.64.20.5:0 -> 127.3.3.40:10 tx=41760B rx=3872B|{Web}|~network.transport=unknown|~network.type=ipv4|traffic_type=physical|~source.address=100.64.20.5|~destination.address=127.3.3.40|~destination.port=10|src.node=unverified:ada-laptop|src.user=ada@example.com|src.os=macOS|path=derp|derp.region_id=10|#tx=34/41760|#rx=24/3872",
        $"1: tsmp virtual 100.64.20.5:0 -> 100.64.10.1:0 tx=0B rx=56B|{Laptop}|~network.transport=tsmp|~network.type=ipv4|traffic_type=virtual|~source.address=100.64.20.5|~destination.address=100.64.10.1|src.node=unverified:ada-laptop|src.user=ada@example.com|dst.node=unverified:web-1|dst.tags=tag:prod,tag:web|dst.os=linux|#tx=0/0|#rx=1/56",
        $"1: tcp virtual [fd7a:115c:a1e0::1405]:52114 -> [fd7a:115c:a1e0::a01]:443 tx=2890B rx=40110B|{Laptop}|~network.transport=tcp|~network.type=ipv6|traffic_type=virtual|~source.address=fd7a:115c:a1e0::1405|~source.port=52114|~destination.address=fd7a:115c:a1e0::a01|~destination.port=443|src.node=unverified:ada-laptop|src.user=ada@example.com|dst.node=unverified:web-1|dst.service=https|dst.tags=tag:prod,tag:web|dst.os=linux|#tx=22/2890|#rx=31/40110",
        $"1: tcp subnet 100.64.20.5:55012 -> 192.0.2.40:22 tx=1420B rx=3300B|{Laptop}|~network.transport=tcp|~network.type=ipv4|traffic_type=subnet|~source.address=100.64.20.5|~source.port=55012|~destination.address=192.0.2.40|~destination.port=22|src.node=unverified:ada-laptop|src.user=ada@example.com|dst.node=external|dst.service=ssh|#tx=9/1420|#rx=8/3300",
        $"1: ipv6-icmp subnet [fd7a:115c:a1e0::1405]:0 -> [2001:db8:40::1]:0 tx=104B rx=104B|{Laptop}|~network.transport=ipv6-icmp|~network.type=ipv6|traffic_type=subnet|~source.address=fd7a:115c:a1e0::1405|~destination.address=2001:db8:40::1|src.node=unverified:ada-laptop|src.user=ada@example.com|dst.node=external|#tx=1/104|#rx=1/104",
        $"1: unknown exit ? -> ? tx=0B rx=288410B|{Laptop}|~network.transport=unknown|traffic_type=exit|#tx=0/0|#rx=201/288410",
        $"1: unknown exit 100.64.20.5:0 -> ? tx=30110B rx=0B|{Laptop}|~network.transport=unknown|~network.type=ipv4|traffic_type=exit|~source.address=100.64.20.5|src.node=unverified:ada-laptop|src.user=ada@example.com|#tx=120/30110|#rx=0/0",
        $"1: unknown physical 100.64.10.1:0 -> 127.3.3.40:10 tx=3594B rx=41222B|{Laptop}|~network.transport=unknown|~network.type=ipv4|traffic_type=physical|~source.address=100.64.10.1|~destination.address=127.3.3.40|~destination.port=10|src.node=unverified:web-1|src.tags=tag:prod,tag:web|src.os=linux|path=derp|derp.region_id=10|#tx=22/3594|#rx=33/41222",
        $"1: unknown physical 100.64.30.9:0 -> [2001:db8:7::9]:41641 tx=33990B rx=298730B|{Laptop}|~network.transport=unknown|~network.type=ipv4|traffic_type=physical|~source.address=100.64.30.9|~destination.address=2001:db8:7::9|~destination.port=41641|src.node=unverified:office-router|src.tags=tag:router|src.os=linux|dst.node=external|path=direct|#tx=131/33990|#rx=211/298730",
        $"2: tcp subnet 192.0.2.40:22 -> 100.64.20.5:55012 tx=3300B rx=1420B|{Router}|~network.transport=tcp|~network.type=ipv4|traffic_type=subnet|~source.address=192.0.2.40|~source.port=22|~destination.address=100.64.20.5|~destination.port=55012|src.node=external|dst.node=unknown|#tx=8/3300|#rx=9/1420",
        $"2: tcp exit 100.64.20.5:55020 -> 203.0.113.80:443 tx=18446744073709551615B rx=288410B|{Router}|~network.transport=tcp|~network.type=ipv4|traffic_type=exit|~source.address=100.64.20.5|~source.port=55020|~destination.address=203.0.113.80|~destination.port=443|src.node=unknown|dst.node=external|dst.service=https|#tx=120/9223372036854775807|#rx=201/288410",
    ];

    static readonly (long Time, long Observed)[] Times =
    [
        (1_785_153_600_104_512_331, 1_785_153_607_551_200_917),
        (1_785_153_601_500_000_000, 1_785_153_608_901_220_000),
        (1_785_153_602_000_000_000, 1_785_153_611_000_004_000),
        (1_785_153_600_000_000_000, 1_785_153_612_000_000_000),
    ];

    [Test]
    public void Writes_every_connection_of_the_fixtures_with_every_attribute()
    {
        var expected = new List<string>(Expected);
        for (var i = 0; i < FlowFixtures.Api.Length; i++)
        {
            // Each by a processor of its own: what one record tells of names must not help the next.
            using var bench = new FlowBench { Tailnet = "example.com" };
            var records = bench.Map(FlowFixtures.Api[i]);
            var wanted = expected.Where(e => e.StartsWith($"{i}: ", StringComparison.Ordinal)).ToList();

            Assert.That(records, Has.Count.EqualTo(wanted.Count), $"connections of record {i}");
            for (var row = 0; row < records.Count; row++)
            {
                Assert.That(records[row].Body, Is.EqualTo(wanted[row][3..wanted[row].IndexOf('|', StringComparison.Ordinal)]));
                Assert.That(records[row].Attributes, Is.EquivalentTo(Attributes(wanted[row], records[0].Uid[..32], row)), $"record {i}, row {row}");
                Assert.That(records[row].Header, Is.EqualTo(new LogHeader(new SpoolPosition(1000), LogAttributes.FlowEvent, LogSeverity.Info, Times[i].Time, Times[i].Observed)));
            }
        }
    }

    [Test]
    public void Writes_one_log_record_with_totals_when_asked_to()
    {
        string[] bodies =
        [
            "node nWEB1aaCNTRL: 6 connections tx=87150B rx=47126B",
            "node nLAP1ccCNTRL: 8 connections tx=72108B rx=671932B",
            "node nRTR1ddCNTRL: 2 connections tx=18446744073709551615B rx=289830B",
            "node nDB01bbCNTRL: 0 connections tx=0B rx=0B",
        ];
        for (var i = 0; i < bodies.Length; i++)
        {
            using var bench = new FlowBench(f => f.LogMode = FlowLogMode.PerRecord);
            var record = bench.Map(FlowFixtures.Api[i]).Single();

            Assert.That(record.Body, Is.EqualTo(bodies[i]));
            Assert.That((record.Header.Time, record.Header.ObservedTime), Is.EqualTo(Times[i]));
        }
    }

    [Test]
    public void Writes_totals_with_every_attribute()
    {
        using var perConnection = new FlowBench();
        using var perRecord = new FlowBench(f => f.LogMode = FlowLogMode.PerRecord);

        var record = perRecord.Map(FlowFixtures.Api[2]).Single();

        Assert.That(record.Attributes, Is.EquivalentTo(new Dictionary<string, object>
        {
            ["log.record.uid"] = perConnection.Map(FlowFixtures.Api[2])[0].Uid[..32],
            ["tailscale2otel.provider"] = "tailscale",
            ["tailscale2otel.source"] = "poll",
            ["tailscale.node.id"] = "nRTR1ddCNTRL",
            ["tailscale.flow.window.start"] = "2026-07-27T12:00:02Z",
            ["tailscale.flow.window.end"] = "2026-07-27T12:00:07.000000001Z",
            ["tailscale.reporter.trust"] = "unconfigured",
            ["tailscale.reporter.consistency"] = "missing_reference",
            ["tailscale.tx.bytes"] = long.MaxValue,
            ["tailscale.rx.bytes"] = 289_830L,
            ["tailscale.tx.packets"] = 128L,
            ["tailscale.rx.packets"] = 210L,
            ["tailscale.connections"] = 2L,
        }));
    }

    static Dictionary<string, object> Attributes(string line, string key, int row)
    {
        var attributes = new Dictionary<string, object>
        {
            ["log.record.uid"] = $"{key}-{row}",
            ["tailscale.tailnet"] = "example.com",
            ["tailscale2otel.provider"] = "tailscale",
            ["tailscale2otel.source"] = "poll",
        };
        foreach (var part in line.Split('|').Skip(1))
        {
            var (name, value) = (part.Split('=')[0], part.Split('=')[1]);
            switch (name[0])
            {
                case '~':
                    attributes[name[1..]] = value;
                    break;
                case '#':
                    attributes[$"tailscale.{name[1..]}.packets"] = long.Parse(value.Split('/')[0], null);
                    attributes[$"tailscale.{name[1..]}.bytes"] = long.Parse(value.Split('/')[1], null);
                    break;
                default:
                    attributes[$"tailscale.{name}"] = value;
                    break;
            }
        }

        return attributes;
    }
}
