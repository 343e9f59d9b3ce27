using System.Text;
using Tailscale2Otel.Ingest.Hec;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tests.Ingest.Hec;

public sealed class HecLineReaderTests
{
    [TestCase("one", new[] { "one" })]
    [TestCase("one\ntwo", new[] { "one", "two" })]
    [TestCase("one\r\n\r\n  \n two \n", new[] { "one", " two " })]
    [TestCase("{\"event\":1}\n", new[] { "{\"event\":1}" })]
    public void Every_line_that_is_not_blank_is_a_record(string body, string[] lines)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        using var found = new HecRecords();
        Assert.That(HecLineReader.Read(bytes, HecLimits.From(new HecOptions()), found).IsSound, Is.True);
        Assert.That(found.Items.ToArray().Select(r => (r.Signal, Encoding.UTF8.GetString(bytes, r.Start, r.Length))), Is.EqualTo(lines.Select(l => (RecordSignal.RawLine, l))));
    }

    [Test]
    public void Lines_are_bounded_and_none_is_kept_of_too_many()
    {
        using var found = new HecRecords();
        Assert.That(HecLineReader.Read("a\nb\nc"u8, new HecLimits(100, 2, 2, 64), found).Fault, Is.EqualTo(HecFault.TooManyRecords));
        Assert.That(found.Count, Is.Zero);
    }
}
