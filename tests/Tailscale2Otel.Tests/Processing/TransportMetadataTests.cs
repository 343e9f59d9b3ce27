using System.Text;
using Tailscale2Otel.Processing;

namespace Tailscale2Otel.Tests.Processing;

public sealed class TransportMetadataTests
{
    const long Second = 1_000_000_000;

    [TestCase("1785153607.551", 1785153607551000000)]
    [TestCase("\"1785153607.551\"", 1785153607551000000)]
    [TestCase("1785153607", 1785153607 * Second)]
    [TestCase("1.785153607551e9", 1785153607551000000)]
    [TestCase("1785153607551", 1785153607551000000)]
    [TestCase("1785153607551.25", 1785153607551250000)]
    [TestCase("1785153607551200", 1785153607551200000)]
    [TestCase("1785153607551200917", 1785153607551200917)]
    [TestCase("\"1785153607551200917\"", 1785153607551200917)]
    [TestCase("0.5", Second / 2)]
    public void Magnitude_tells_what_a_time_counts(string time, long nanoseconds)
    {
        var metadata = Read($$"""{"time":{{time}}}""");
        Assert.That(metadata.Time, Is.EqualTo(nanoseconds));
        Assert.That(metadata.HasUnreadableTime, Is.False);
    }

    [TestCase("\"soon\"")]
    [TestCase("\"\"")]
    [TestCase("-1")]
    [TestCase("0")]
    [TestCase("1e300")]
    [TestCase("99999999999999999999")]
    [TestCase("\"NaN\"")]
    [TestCase("true")]
    [TestCase("[1]")]
    [TestCase("""{"s":1}""")]
    [TestCase("1785153607.00000000000000000000000000000000000000000000000000000000000000000")]
    public void A_time_that_is_none_is_noticed(string time)
    {
        var metadata = Read($$"""{"time":{{time}},"host":"h"}""");
        Assert.That(metadata.Time, Is.Zero);
        Assert.That(metadata.HasUnreadableTime, Is.True);
        Assert.That(Encoding.UTF8.GetString(metadata.Host), Is.EqualTo("h"), "what comes after it is read all the same");
    }

    [TestCase("")]
    [TestCase("{}")]
    [TestCase("""{"time":null}""")]
    [TestCase("""{"other":{"time":1}}""")]
    [TestCase("[1]")]
    [TestCase("7")]
    public void Without_a_time_there_is_none_to_notice(string json)
    {
        var metadata = Read(json);
        Assert.That(metadata.Time, Is.Zero);
        Assert.That(metadata.HasUnreadableTime, Is.False);
    }

    [Test]
    public void Reads_every_member_in_any_order()
    {
        var metadata = Read("""{"index":"main","fields":{"a":[1,{"recorded":"2020-01-01T00:00:00Z"}],"recorded":"2026-07-27T12:00:07.551200917Z","b":2},"x":{"y":[1]},"host":"web\u002d1","sourcetype":"_json","source":"tail\"scale","time":1785153607.551}""");
        Assert.That(Encoding.UTF8.GetString(metadata.Host), Is.EqualTo("web-1"));
        Assert.That(Encoding.UTF8.GetString(metadata.Source), Is.EqualTo("tail\"scale"));
        Assert.That(Encoding.UTF8.GetString(metadata.Sourcetype), Is.EqualTo("_json"));
        Assert.That(Encoding.UTF8.GetString(metadata.Index), Is.EqualTo("main"));
        Assert.That(metadata.Recorded, Is.EqualTo(1785153607551200917));
        Assert.That(metadata.Time, Is.EqualTo(1785153607551000000));
        Assert.That(Encoding.UTF8.GetString(metadata.Fields), Does.StartWith("{\"a\"").And.EndsWith("\"b\":2}"));
    }

    [TestCase("""{"host":1,"source":null,"index":{"a":1},"fields":7}""")]
    [TestCase("""{"fields":{"recorded":"yesterday"}}""")]
    [TestCase("""{"fields":[{"recorded":"2026-07-27T12:00:07Z"}]}""")]
    [TestCase("""{"fields":{"recorded":1785153607}}""")]
    public void Members_of_another_type_are_absent(string json)
    {
        var metadata = Read(json);
        Assert.That(metadata.Recorded, Is.Zero);
        Assert.That(metadata.Host.Length + metadata.Source.Length + metadata.Index.Length, Is.Zero);
    }

    [TestCase("""\ud800""")]
    [TestCase("""\udc00""")]
    [TestCase("""recor\ud800""")]
    public void Half_a_surrogate_pair_in_a_name_is_another_name(string name)
    {
        var metadata = Read($$"""{"{{name}}":1,"fields":{"{{name}}":1,"recorded":"2026-07-27T12:00:07.551200917Z"},"host":"h"}""");
        Assert.That((metadata.Recorded, Encoding.UTF8.GetString(metadata.Host)), Is.EqualTo((1785153607551200917, "h")));
        Assert.That(metadata.Fields.IsEmpty, Is.False);
    }

    [TestCase("""{"host":"h","time":""")]
    [TestCase("""{"host":"h",""")]
    [TestCase("""{"host":"h"}x""")]
    public void Text_that_is_not_json_does_not_throw(string json)
    {
        var metadata = Read(json);
        Assert.That(Encoding.UTF8.GetString(metadata.Host), Is.EqualTo("h"));
    }

    static TransportMetadata Read(string json) => TransportMetadata.Read(Encoding.UTF8.GetBytes(json));
}
