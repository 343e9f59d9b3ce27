using Tailscale2Otel.Export.Stdout;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tests.Export.Stdout;

sealed class StdoutLogBatchTests
{
    [Test]
    public void Lets_nothing_from_outside_begin_a_line_or_move_a_cursor()
    {
        using var batch = new StdoutLogBatch(pretty: false);
        batch.Begin(new LogHeader(SpoolPosition.Start, new Utf8Name("e"), LogSeverity.Error, 1, 0));
        batch.Add(new Utf8Name("k"), "a\r\nINFO forged\u001b[2J"u8);
        batch.AddJson("k\n2"u8, "1"u8);
        batch.JsonBody("\"\u009b\""u8);
        batch.End();

        Assert.That(batch.Text.TrimEnd('\n').Any(char.IsControl), Is.False, batch.Text);
        Assert.That(batch.Text, Does.Contain("\\u000d\\u000a").And.Contains("ERROR e"));
    }

    [Test]
    public void Takes_back_records_and_what_was_begun([Values(0, 1, 2)] int kept)
    {
        using var batch = new StdoutLogBatch(pretty: false);
        List<string> texts = [""];
        foreach (var body in (string[])["one", "two"])
        {
            batch.Begin(new LogHeader(SpoolPosition.Start, new Utf8Name("e"), LogSeverity.Info, 1, 0));
            batch.Body(System.Text.Encoding.UTF8.GetBytes(body));
            batch.End();
            texts.Add(batch.Text);
        }

        batch.Begin(new LogHeader(SpoolPosition.Start, new Utf8Name("e"), LogSeverity.Info, 1, 0));
        batch.Body("begun"u8);
        batch.CutBack(kept);
        Assert.That((batch.Count, batch.Text), Is.EqualTo((kept, texts[kept])));
        batch.Begin(new LogHeader(SpoolPosition.Start, new Utf8Name("e"), LogSeverity.Info, 1, 0));
        batch.End();
        Assert.That(batch.Text, Does.Not.Contain("begun"));
    }

    [Test]
    public void Counts_its_records_and_forgets_them_when_disposed()
    {
        var batch = new StdoutLogBatch(pretty: true);
        for (var i = 0; i < 3; i++)
        {
            batch.Begin(new LogHeader(SpoolPosition.Start, new Utf8Name("e"), LogSeverity.Info, 1, 0));
            batch.End();
        }

        Assert.That((batch.Count, batch.Bytes), Is.EqualTo((3, (long)batch.Text.Length)));
        batch.Dispose();
        Assert.That((batch.Count, batch.Text), Is.EqualTo((0, "")));
    }
}
