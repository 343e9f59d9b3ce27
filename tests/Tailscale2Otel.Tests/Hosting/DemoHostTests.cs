using Tailscale2Otel.Cli;
using Tailscale2Otel.Hosting;

namespace Tailscale2Otel.Tests.Hosting;

[NonParallelizable]
public sealed class DemoHostTests
{
    [Test]
    public async Task Runs_the_real_daemon_and_accounts_for_every_record()
    {
        var output = await RunAsync(new DemoArguments { Duration = TimeSpan.FromSeconds(2), Rate = 100 });

        Assert.That(output, Does.Contain("the totals agree").And.Not.Contain("PROBLEM").And.Not.Contain("polled"));
        Assert.That(output, Does.Contain("tailscale2otel.source=stream").And.Contain("=unverified:"));
    }

    [Test]
    public async Task With_an_API_records_come_by_poll_too_and_are_named_from_the_device_list()
    {
        var output = await RunAsync(new DemoArguments { Duration = TimeSpan.FromSeconds(4), Rate = 100, Api = true });

        Assert.That(output, Does.Contain("the totals agree").And.Not.Contain("PROBLEM"));
        Assert.That(output, Does.Match(@"\n  polled +[1-9]"));
        Assert.That(output, Does.Match("tailscale.(src|dst).node=[a-z]").And.Not.Contain("=unverified:"));
    }

    static async Task<string> RunAsync(DemoArguments arguments)
    {
        using var output = new StringWriter();
        using var log = new StringWriter();
        var (console, error) = (Console.Out, Console.Error);
        Console.SetOut(output);
        Console.SetError(log);
        int code;
        try
        {
            code = await DemoHost.RunAsync(arguments, default);
        }
        finally
        {
            Console.SetOut(console);
            Console.SetError(error);
        }

        Assert.That(code, Is.EqualTo(ExitCode.Ok), output.ToString());
        Assert.That(log.ToString(), Is.Empty, "nothing went wrong, and nothing is to be warned of");
        return output.ToString();
    }
}
