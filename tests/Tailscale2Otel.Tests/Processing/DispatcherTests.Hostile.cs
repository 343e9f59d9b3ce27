using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Logging.Abstractions;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing;
using Tailscale2Otel.Redaction;
using Tailscale2Otel.Spool.DeadLetters;
using Tailscale2Otel.Tests.Export.Otlp.Wire;
using Tailscale2Otel.Tests.Redaction;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Processing;

sealed partial class DispatcherTests
{
    static readonly byte[][] Fragments =
    [
        .. ((string[])[
            @"\ud800", @"\udc00", @"\ud800\ud800", @"\u0000", @"\n", @"\", "'", "{", "}", "[", "]", ",", ":", "null", "true", "-", "1e999", "0.", " \r\n\t",
            @"'\ud800':1,", @"'\udc00a':{},", @"'\u0061ction':[],", @"'\u0074ype':'\ud800',", @"'nodeId':'\ud800',", @"'actor':{'\ud800':1},",
            @"'target':{'type':7},", @"'data':{'\ud800':[]},", @"'time':'\udfff',", @"'fields':{'\ud800':'\ud800'},", @"{'\ud800':{'\ud800':'\ud800'}}",
            new string('9', 400), new string('[', 80), new string('é', 300),
        ]).Select(f => Encoding.UTF8.GetBytes(f.Replace('\'', '"'))),
        [0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xEF, 0xBB, 0xBF], [0],
    ];

    /// <summary>Records of every kind with things in them that no sender should write.</summary>
    [Test]
    public void Nothing_throws_and_all_that_leaves_can_be_decoded([Values] bool isFiltered)
    {
        var redactor = isFiltered ? new Redactor(SomeFilter.Options((PiiCategories)((1 << 14) - 1))) : null;
        using var readings = new MeterReadings();
        using var folder = new TemporaryFolder();
        using var letters = new DeadLetters(new DeadLetterOptions(), folder.Path, new ManualTime(), readings.Meter, NullLogger.Instance, redactor);
        var dispatcher = EveryProcessor.Behind(redactor, readings.Meter);
        var position = 0L;
        var records = new PlantedTailnet(4711).Records;
        var changed =
            from chosen in Gen.Elements(records)
            from metadata in Changed(Encoding.UTF8.GetBytes(chosen.Metadata), 2)
            from payload in Changed(Encoding.UTF8.GetBytes(chosen.Payload), 3)
            select (chosen.Signal, metadata, payload);

        Prop.ForAll(changed.ToArbitrary(), change =>
        {
            var record = new RawRecord
            {
                Position = new SpoolPosition(position),
                Next = new SpoolPosition(position += 1000),
                Source = RecordSource.Stream,
                Signal = change.Signal,
                Tailnet = "example.com",
                ReceivedAt = 1_785_153_630_000_000_000,
                Metadata = change.metadata,
                Payload = change.payload,
            };
            using var logs = LogsWire.Writer();
            dispatcher.Process(record, logs, RecordPass.Deliver | RecordPass.Count);
            return letters.TryWrite(record, "test") && LogsWire.Decode(logs).Count == logs.Count;
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(3000));
    }

    /// <summary>With some fragments in it, half of them where a member can stand.</summary>
    static Gen<byte[]> Changed(byte[] bytes, int fragments)
    {
        int[] anywhere = [.. Enumerable.Range(0, bytes.Length + 1)];
        int[] members = [.. anywhere.Where(i => i > 0 && bytes[i - 1] is (byte)'{' or (byte)',')];
        var place = Gen.OneOf(Gen.Elements(anywhere), Gen.Elements(members.Length > 0 ? members : anywhere));
        var edits = from at in place from fragment in Gen.Elements(Fragments) select (at, fragment);
        return from count in Gen.Choose(0, fragments)
               from list in edits.ListOf(count)
               select list.OrderByDescending(e => e.at).Aggregate(bytes, (all, e) => [.. all[..e.at], .. e.fragment, .. all[e.at..]]);
    }
}
