using Tailscale2Otel.Cli;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Cli;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ProgressLineTests
{
    readonly ManualTime _time = new();
    readonly StringWriter _output = new() { NewLine = "\n" };

    [Test]
    public void A_terminal_gets_one_line_that_is_written_over_and_taken_away()
    {
        var bar = new ProgressLine(_output, ProgressStyle.Bar, () => 80, _time);
        bar.Report(0.1, () => throw new InvalidOperationException("too early to be shown"));
        _time.Advance(TimeSpan.FromSeconds(2));
        bar.Report(0.25, () => "5 of 20");
        bar.Report(0.3, () => throw new InvalidOperationException("too soon to be shown"));
        _time.Advance(TimeSpan.FromSeconds(2));
        bar.Report(1, () => "20 of 20");
        bar.End();

        Assert.That(_output.ToString(), Is.EqualTo(
            "\r\u001b[K[######------------------]  25 %  5 of 20  6 s left"
            + "\r\u001b[K[########################] 100 %  20 of 20"
            + "\r\u001b[K"));
    }

    [Test]
    public void A_narrow_terminal_gets_what_fits()
    {
        var bar = new ProgressLine(_output, ProgressStyle.Bar, () => 11, _time);
        _time.Advance(TimeSpan.FromSeconds(1));
        bar.Report(1, () => "all");

        Assert.That(_output.ToString(), Is.EqualTo("\r\u001b[K[#########"));
    }

    [Test]
    public void A_file_gets_a_line_each_ten_seconds()
    {
        var lines = new ProgressLine(_output, ProgressStyle.Lines, () => 80, _time);
        for (var second = 0; second < 25; second++)
        {
            lines.Report(second / 100.0, () => $"at {second}");
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        lines.End();
        Assert.That(_output.ToString(), Is.EqualTo(" 10 %  at 10  2 min left\n 20 %  at 20  1 min left\n"));
    }

    [Test]
    public void Who_wants_no_progress_gets_none()
    {
        var none = new ProgressLine(_output, ProgressStyle.None, () => 80, _time);
        _time.Advance(TimeSpan.FromMinutes(1));
        none.Report(0.5, () => "half");
        none.End();

        Assert.That(_output.ToString(), Is.Empty);
    }
}
