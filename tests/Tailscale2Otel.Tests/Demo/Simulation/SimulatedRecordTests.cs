using System.Buffers;
using System.Text;
using System.Text.Json;
using Tailscale2Otel.Demo.Simulation;

namespace Tailscale2Otel.Tests.Demo.Simulation;

/// <summary>The two forms of one event.</summary>
[TestFixture]
public sealed class SimulatedRecordTests
{
    static readonly DateTimeOffset Noon = new(2026, 7, 27, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void A_flow_record_of_the_API_is_that_of_the_stream_and_logged_before_it()
    {
        foreach (var record in Records().OfType<SimulatedFlow>())
        {
            var stream = JsonElement.Parse(Stream(record));
            var expected = $"{{\"logged\":\"{stream.GetProperty("fields").GetProperty("recorded").GetString()}\",{stream.GetProperty("event").GetRawText()[1..]}";
            Assert.That(Api(record), Is.EqualTo(expected));
        }
    }

    [Test]
    public void An_audit_record_of_the_API_is_that_of_the_stream_and_three_members_before_it()
    {
        var records = Records().OfType<SimulatedAudit>().ToArray();
        foreach (var record in records)
        {
            var stream = JsonElement.Parse(Stream(record));
            var deferred = record.DeferredAt is { } at ? GoTime.Format(at) : "0001-01-01T00:00:00Z";
            var expected =
                $"{{\"eventTime\":\"{stream.GetProperty("fields").GetProperty("recorded").GetString()}\",\"type\":\"CONFIG\",\"deferredAt\":\"{deferred}\",{stream.GetProperty("event").GetRawText()[1..]}";
            Assert.That(Api(record), Is.EqualTo(expected));
        }

        Assert.That(records.Count(r => r.DeferredAt is not null), Is.InRange(1, records.Length / 4));
    }

    [Test]
    public void Both_forms_of_the_same_seed_are_the_same_bytes_every_time()
    {
        var first = Records(seed: 3).Select(r => Stream(r) + Api(r)).ToArray();

        Assert.That(Records(seed: 3).Select(r => Api(r)[..0] + Stream(r) + Api(r)), Is.EqualTo(first), "and in whichever order they are written");
        Assert.That(Records(seed: 4).Select(r => Stream(r) + Api(r)), Is.Not.EqualTo(first));
    }

    static List<SimulatedRecord> Records(int seed = 1)
    {
        var tailnet = new SimulatedTailnet(12, seed);
        var records = new List<SimulatedRecord>();
        for (var i = 0; i < 60; i++)
        {
            records.Add(tailnet.NextFlow(Noon.AddMilliseconds(50 * i)));
            records.Add(tailnet.NextAudit(Noon.AddMilliseconds(50 * i)));
        }

        return records;
    }

    static string Stream(SimulatedRecord record) => Text(record.WriteStream);

    static string Api(SimulatedRecord record) => Text(record.WriteApi);

    static string Text(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
