using Tailscale2Otel.Cli;
using Tailscale2Otel.Hosting;

namespace Tailscale2Otel.Tests.Hosting;

[NonParallelizable]
public sealed class DemoHostTests
{
    [TestCase(false)]
    [TestCase(true)]
    public async Task Runs_the_real_daemon_and_accounts_for_every_record(bool withApi)
    {
        using var output = new StringWriter();
        var console = Console.Out;
        Console.SetOut(output);
        int code;
        try
        {
            code = await DemoHost.RunAsync(new DemoArguments { Duration = TimeSpan.FromSeconds(2), Rate = 100, Api = withApi }, default);
        }
        finally
        {
            Console.SetOut(console);
        }

        Assert.That(code, Is.EqualTo(ExitCode.Ok), output.ToString());
        Assert.That(output.ToString(), Does.Contain("the totals agree").And.Not.Contain("PROBLEM"));
    }
}
