using Tailscale2Otel.Demo;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Demo;

[TestFixture]
public sealed class SampledLinesTests
{
    readonly ManualTime _time = new();

    [Test]
    public void Every_line_is_shown_while_there_are_few()
    {
        Assert.That(Shown(lines =>
        {
            lines.WriteLine("a");
            lines.Write("b\nc");
            lines.Write('\r');
            lines.Write('\n');
        }), Is.EqualTo("<a>\n<b>\n<c>\n"));
    }

    [Test]
    public void Of_many_lines_the_first_of_each_second_are_shown_and_the_others_counted()
    {
        Assert.That(Shown(lines =>
        {
            for (var i = 0; i < 1003; i++)
                lines.WriteLine(i);
            _time.Advance(TimeSpan.FromSeconds(1));
            lines.WriteLine("next second");
            lines.Finish();
        }), Is.EqualTo("<0>\n<1>\n<2>\n  … and 1,000 more log records\n<next second>\n"));
    }

    [Test]
    public void What_was_left_out_is_said_though_nothing_follows() => Assert.Multiple(() =>
    {
        Assert.That(Shown(lines =>
        {
            lines.Write("1\n2\n3\n4\n");
            lines.Tick();
        }), Is.EqualTo("<1>\n<2>\n<3>\n"), "the second is not over");
        Assert.That(Shown(lines =>
        {
            lines.Write("1\n2\n3\n4\n");
            _time.Advance(TimeSpan.FromSeconds(1));
            lines.Tick();
        }), Is.EqualTo("<1>\n<2>\n<3>\n  … and 1 more log records\n"));
        Assert.That(Shown(lines =>
        {
            lines.Write("1\n2\n3\n4\n");
            lines.Finish();
            lines.Finish();
        }), Is.EqualTo("<1>\n<2>\n<3>\n  … and 1 more log records\n"));
    });

    [Test]
    public void A_line_without_end_is_not_kept_in_memory()
    {
        Assert.That(Shown(lines =>
        {
            for (var i = 0; i < 1000; i++)
                lines.Write(new string('x', 1000));
            lines.WriteLine();
        }), Has.Length.EqualTo(4003));
    }

    [Test]
    public void What_is_not_worth_showing_is_counted_and_takes_no_place() =>
        Assert.That(
            Shown(
                lines =>
                {
                    lines.Write("-\n-\n-\n1\n-\n2\n3\n4\n");
                    lines.Finish();
                },
                line => line == "-" ? null : line),
            Is.EqualTo("<1>\n<2>\n<3>\n  … and 5 more log records\n"));

    [Test]
    public void Of_one_kind_one_line_is_shown_and_the_next_time_another_kind_has_its_turn() =>
        Assert.That(
            Shown(
                lines =>
                {
                    for (var second = 1; second <= 3; second++)
                    {
                        lines.Write($"a{second}\na{second}\nb{second}\nc{second}\nd{second}\n");
                        _time.Advance(TimeSpan.FromSeconds(1));
                        lines.Tick();
                        _time.Advance(TimeSpan.FromSeconds(1));
                        lines.Tick();
                    }
                },
                line => line[..1]),
            Is.EqualTo("<a1>\n<b1>\n<c1>\n  … and 2 more log records\n<d2>\n  … and 4 more log records\n<a3>\n<b3>\n<c3>\n  … and 2 more log records\n"));

    [Test]
    public async Task A_whole_batch_may_come_in_one_write() =>
        Assert.That(await ShownAsync(async lines =>
        {
            await lines.WriteAsync("a\nb\n".AsMemory(), CancellationToken.None);
            await lines.FlushAsync(CancellationToken.None);
        }), Is.EqualTo("<a>\n<b>\n"));

    async Task<string> ShownAsync(Func<SampledLines, Task> write)
    {
        Task? writing = null;
        var text = Shown(lines => writing = write(lines));
        await writing!;
        return text;
    }

    string Shown(Action<SampledLines> write, Func<string, string?>? kindOf = null)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var lines = new SampledLines(new DemoConsole(output, isTerminal: false, () => 80, _time), linesPerSecond: 3, "log records", kindOf ?? (line => line), line => $"<{line}>", _time);
        write(lines);
        return output.ToString();
    }
}
