using Tailscale2Otel.Demo;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Demo;

[TestFixture]
public sealed class DemoConsoleTests
{
    const string Erase = "\r\u001b[K";

    readonly ManualTime _time = new();

    [Test]
    public void On_a_terminal_progress_is_one_line_written_over_and_lines_go_above_it()
    {
        using var output = new StringWriter { NewLine = "\n" };
        var console = new DemoConsole(output, isTerminal: true, () => 80, _time);

        console.Progress("one");
        console.Line("record");
        console.Progress("two");
        console.EndProgress();
        console.Line("end");

        Assert.That(output.ToString(), Is.EqualTo($"{Erase}one{Erase}record\none{Erase}two{Erase}end\n"));
    }

    [Test]
    public void On_a_narrow_terminal_progress_is_cut_before_it_wraps()
    {
        using var output = new StringWriter();
        var console = new DemoConsole(output, isTerminal: true, () => 10, _time);

        console.Progress("0123456789abcdef");

        Assert.That(output.ToString(), Is.EqualTo($"{Erase}01234567…"));
    }

    [Test]
    public void In_a_pipe_progress_is_a_line_every_five_seconds_without_control_characters()
    {
        using var output = new StringWriter { NewLine = "\n" };
        var console = new DemoConsole(output, isTerminal: false, () => 80, _time);

        for (var i = 1; i <= 24; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(500));
            console.Progress($"{i}");
        }

        console.EndProgress();

        Assert.That(output.ToString(), Is.EqualTo("10\n20\n"));
    }
}
