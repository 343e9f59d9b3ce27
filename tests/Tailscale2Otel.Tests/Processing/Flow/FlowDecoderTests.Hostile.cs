using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Tailscale2Otel.Processing.Flow;

namespace Tailscale2Otel.Tests.Processing.Flow;

sealed partial class FlowDecoderTests
{
    [Test]
    public void Reads_as_many_connections_as_a_node_can_send()
    {
        Assert.That(Decode(Rows(FlowRecord.MaxRows)), Is.EqualTo(FlowDecodeError.None));
        Assert.That(_record.Rows.Length, Is.EqualTo(FlowRecord.MaxRows));
    }

    [Test]
    public void Refuses_more_connections_than_that() => Assert.That(Decode(Rows(FlowRecord.MaxRows + 1)), Is.EqualTo(FlowDecodeError.TooLarge));

    [Test]
    public void Forgets_names_and_not_connections_when_there_are_too_many_nodes()
    {
        var nodes = string.Join(',', Enumerable.Repeat("""{"nodeId":"n","addresses":["100.64.0.1","100.64.0.2","100.64.0.3"]}""", FlowRecord.MaxNodes + 10));

        Assert.That(Decode($$"""{"nodeId":"n1","dstNodes":[{{nodes}}],"exitTraffic":[{}]}"""), Is.EqualTo(FlowDecodeError.None));

        Assert.That(_record.Rows.Length, Is.EqualTo(1));
        Assert.That(_record.Nodes.Length, Is.EqualTo(FlowRecord.MaxNodes));
        Assert.That(_record.Addresses.Length, Is.EqualTo(FlowRecord.MaxAddresses));
    }

    [Test]
    public void Reads_a_few_of_a_nodes_addresses_and_tags_when_it_has_thousands()
    {
        var addresses = string.Join(',', Enumerable.Range(0, 5000).Select(i => $"\"100.64.{i / 250}.{i % 250}\""));
        var tags = string.Join(',', Enumerable.Range(0, 5000).Select(i => $"\"tag:{i}\""));

        Assert.That(Decode($$"""{"nodeId":"n1","srcNode":{"addresses":[{{addresses}}],"tags":[{{tags}}]} }"""), Is.EqualTo(FlowDecodeError.None));

        Assert.That(_record.Addresses.Length, Is.LessThan(100));
        Assert.That(_record.Nodes[0].Tags.Length, Is.LessThan(1000));
    }

    [Test]
    public void Refuses_nesting_without_end() => Assert.That(Decode($"{{\"nodeId\":\"n1\",\"x\":{new string('[', 100_000)}"), Is.EqualTo(FlowDecodeError.Malformed));

    [Test]
    public void Survives_invalid_utf8_and_half_surrogates()
    {
        byte[] payload = [.. "{\"nodeId\":\"\\ud800\",\"srcNode\":{\"name\":\"a"u8, 0xff, 0xc3, .. "\"},\"exitTraffic\":[{}]}"u8];

        Assert.That(FlowDecoder.Decode(payload, _record), Is.EqualTo(FlowDecodeError.None));
        Assert.That(_record.Text(payload)[_record.NodeId].SequenceEqual("\uFFFD"u8), Is.True);
    }

    [Test]
    public void Never_throws_for_random_bytes() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes => Survives(bytes)).QuickCheckThrowOnFailure();

    [Test]
    public void Never_throws_for_a_record_with_a_few_bytes_changed()
    {
        var payloads = FlowFixtures.Api.Select(Encoding.UTF8.GetBytes).ToArray();
        var changes =
            from payload in Gen.Elements(payloads)
            from edits in (from at in Gen.Choose(0, payload.Length - 1)
                           from b in Gen.OneOf(Gen.Elements("{}[]\",:\\0-.eE \n"u8.ToArray()), Gen.Choose(0, 255).Select(i => (byte)i))
                           select (at, b)).ListOf(3)
            select (payload, edits);

        Prop.ForAll(changes.ToArbitrary(), change =>
        {
            var bytes = change.payload.ToArray();
            foreach (var (at, b) in change.edits)
                bytes[at] = b;
            return Survives(bytes);
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(3000));
    }

    [Test]
    public void Never_throws_for_a_record_cut_anywhere()
    {
        foreach (var payload in FlowFixtures.Api.Select(Encoding.UTF8.GetBytes))
        {
            for (var length = 0; length < payload.Length; length++)
                Assert.That(FlowDecoder.Decode(payload.AsSpan(0, length), _record), Is.EqualTo(FlowDecodeError.Malformed));
        }
    }

    /// <summary>Everything that the decoder hands out can be read, too.</summary>
    bool Survives(byte[] payload)
    {
        if (FlowDecoder.Decode(payload, _record) != FlowDecodeError.None)
            return true;

        FlowDecoder.ReadEnvelope(payload, _record);
        var text = _record.Text(payload);
        var length = text[_record.NodeId].Length;
        foreach (var row in _record.Rows)
            length += text[row.Source.Text].Length + text[row.Destination.Host].Length;
        foreach (var node in _record.Nodes)
            length += text[node.Name].Length + text[node.Tags].Length + text[node.User].Length + text[node.Os].Length;
        return length > 0;
    }

    static string Rows(int count) => $$"""{"nodeId":"n1","virtualTraffic":[{{string.Join(',', Enumerable.Repeat("{}", count))}}]}""";
}
