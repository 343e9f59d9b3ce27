using System.Diagnostics.Metrics;
using Tailscale2Otel.Export;
using Tailscale2Otel.Export.Otlp;
using Tailscale2Otel.Export.Stdout;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tests.Export.Stdout;

sealed class StdoutLogExporterTests
{
    static readonly Utf8Name Event = new("tailscale.network.flow");

    [Test]
    public async Task Writes_a_record_on_one_line() => Assert.That(await WriteAsync(pretty: false), Is.EqualTo(
        """
        2026-07-27T12:00:00.123Z WARN  tailscale.network.flow: body\u001b[31m\u000a  | text=plain quoted="a b \"c\"" int=-3 double=0.5 bool=true json={"a":1}
        2026-07-27T12:00:01.000Z INFO  tailscale.network.flow

        """));

    [Test]
    public async Task Writes_a_record_over_several_lines() => Assert.That(await WriteAsync(pretty: true), Is.EqualTo(
        """
        2026-07-27T12:00:00.123Z WARN  tailscale.network.flow
            body\u001b[31m\u000a
            text=plain
            quoted="a b \"c\""
            int=-3
            double=0.5
            bool=true
            json={"a":1}
        2026-07-27T12:00:01.000Z INFO  tailscale.network.flow

        """));

    [Test]
    public async Task Does_not_mix_batches_that_come_at_once()
    {
        var output = new StringWriter();
        using var exporter = Exporter(output, pretty: true);

        await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
        {
            using var batch = exporter.Rent();
            for (var n = 0; n < 2; n++)
            {
                batch.Begin(new LogHeader(SpoolPosition.Start, Event, LogSeverity.Info, 0, 1));
                batch.Add(new Utf8Name("i"), (long)i);
                batch.End();
            }

            await exporter.DeliverAsync(batch, _ => ValueTask.CompletedTask, CancellationToken.None);
        }));

        var numbers = output.ToString().Split('\n').Where(l => l.StartsWith("    i=", StringComparison.Ordinal)).ToList();
        Assert.That(numbers, Has.Count.EqualTo(100));
        Assert.That(numbers.Chunk(2).Select(pair => pair[0] == pair[1]), Is.All.True);
    }

    static async Task<string> WriteAsync(bool pretty)
    {
        var output = new StringWriter();
        using var exporter = Exporter(output, pretty);
        using var batch = exporter.Rent();
        var time = new DateTimeOffset(2026, 7, 27, 12, 0, 0, 123, TimeSpan.Zero);
        batch.Begin(new LogHeader(SpoolPosition.Start, Event, LogSeverity.Warn, time.ToUnixTimeMilliseconds() * 1_000_000, 0));
        batch.Add(new Utf8Name("text"), "plain"u8);
        batch.Add(new Utf8Name("quoted"), "a b \"c\""u8);
        batch.Body("body\u001b[31m\n"u8);
        batch.Add(new Utf8Name("int"), -3L);
        batch.Add(new Utf8Name("double"), 0.5);
        batch.Add(new Utf8Name("bool"), true);
        batch.Add(new Utf8Name("empty"), ""u8);
        batch.AddJson("json"u8, """{"a":1}"""u8);
        batch.AddJson("null"u8, "null"u8);
        batch.End();
        batch.Begin(new LogHeader(SpoolPosition.Start, Event, LogSeverity.Info, 0, time.AddMilliseconds(877).ToUnixTimeMilliseconds() * 1_000_000));
        batch.End();

        var result = await exporter.DeliverAsync(batch, _ => ValueTask.CompletedTask, CancellationToken.None);
        Assert.That(result, Is.EqualTo(new DeliveryResult(2, 0, 0)));
        return output.ToString();
    }

    static StdoutLogExporter Exporter(TextWriter output, bool pretty) =>
        new(new OtlpStdoutOptions { Pretty = pretty }, output, new ExportMetrics(new Meter("test")));
}
