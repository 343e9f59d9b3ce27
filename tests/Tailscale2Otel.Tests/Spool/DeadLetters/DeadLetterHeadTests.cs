using System.Text;
using Tailscale2Otel.Model;
using Tailscale2Otel.Spool.DeadLetters;

namespace Tailscale2Otel.Tests.Spool.DeadLetters;

public sealed class DeadLetterHeadTests
{
    const string Whole = """{"time":"2026-07-27T12:00:00.250Z","source":"stream","signal":"flow","tailnet":"example.com","reason":"refused_by_backend","status":400,"message":"no \"thanks\"","position":77,"received_at_unix_nano":1785153600000000005,"metadata":{"host":"h"},"record":{"a":1}}""";

    [Test]
    public void Says_what_stands_before_the_record()
    {
        var head = Parse(Whole);

        Assert.That(head.Time, Is.EqualTo(new DateTimeOffset(2026, 7, 27, 12, 0, 0, 250, TimeSpan.Zero)));
        Assert.That((head.Source, head.Signal, head.Tailnet, head.Reason), Is.EqualTo(("stream", "flow", "example.com", "refused_by_backend")));
        Assert.That((head.Status, head.Message), Is.EqualTo((400, "no \"thanks\"")));
        Assert.That((head.Position.Value, head.ReceivedAt), Is.EqualTo((77L, 1785153600000000005L)));
    }

    [Test]
    public void The_beginning_of_a_line_is_enough()
    {
        var cut = Whole[..(Whole.IndexOf("\"record\":", StringComparison.Ordinal) + 12)];

        Assert.That(Parse(cut), Is.EqualTo(Parse(Whole)));
    }

    [Test]
    public void Another_order_is_understood_when_the_line_is_all_there()
    {
        var swapped = """{"record":{"position":1},""" + Whole[1..Whole.IndexOf(",\"metadata\"", StringComparison.Ordinal)] + "}";

        Assert.That(Parse(swapped).Position.Value, Is.EqualTo(77));
    }

    [TestCase("")]
    [TestCase("no json")]
    [TestCase("{}")]
    [TestCase("[1]")]
    [TestCase("""{"time":"2026-07-27T12:00:00Z","source":"stream"}""")]
    [TestCase("""{"time":5,"source":"s","signal":"f","tailnet":"","reason":"r","position":1,"received_at_unix_nano":1}""")]
    [TestCase("""{"time":"never","source":"s","signal":"f","tailnet":"","reason":"r","position":1,"received_at_unix_nano":1}""")]
    [TestCase("""{"time":"2026-07-27T12:00:00Z","source":"s","signal":"f","tailnet":"","reason":"r","position":1.5,"received_at_unix_nano":1}""")]
    [TestCase("""{"time":"2026-07-27T12:00:00Z","source":"\ud800","signal":"f","tailnet":"","reason":"r","position":1,"received_at_unix_nano":1}""")]
    public void What_is_no_dead_letter_is_not_taken_for_one(string line) =>
        Assert.That(DeadLetterHead.TryParse(Encoding.UTF8.GetBytes(line), out _), Is.False);

    [Test]
    public void An_id_is_the_records_and_not_the_lines()
    {
        var other = Whole.Replace("12:00:00.250Z", "13:00:00.000Z", StringComparison.Ordinal).Replace("refused_by_backend", "x", StringComparison.Ordinal);

        Assert.That(Parse(other).Id, Is.EqualTo(Parse(Whole).Id));
        Assert.That(DeadLetterId.Of(new SpoolPosition(77), 1785153600000000005, "example.com"), Is.EqualTo(Parse(Whole).Id));
        Assert.That(DeadLetterId.Of(new SpoolPosition(77), 1785153600000000006, "example.com"), Is.Not.EqualTo(Parse(Whole).Id));
        Assert.That(DeadLetterId.Of(new SpoolPosition(77), 1785153600000000005, "example.org"), Is.Not.EqualTo(Parse(Whole).Id));
    }

    [Test]
    public void An_id_reads_as_it_is_written()
    {
        var id = Parse(Whole).Id;

        Assert.That(id.ToString(), Has.Length.EqualTo(12));
        Assert.That(DeadLetterId.TryParse(id.ToString(), out var same) && same == id);
        Assert.That(DeadLetterId.TryParse(id.ToString()[1..], out _), Is.False);
        Assert.That(DeadLetterId.TryParse("0123456789xy", out _), Is.False);
    }

    static DeadLetterHead Parse(string line)
    {
        Assert.That(DeadLetterHead.TryParse(Encoding.UTF8.GetBytes(line), out var head), line);
        return head!;
    }
}
