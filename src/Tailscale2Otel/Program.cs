using Tailscale2Otel.Cli;
using Tailscale2Otel.Hosting;
using Tailscale2Otel.Hosting.Inspection;

using var stop = new StopSignals();
var handlers = new CommandHandlers(Daemon.RunAsync, DemoHost.RunAsync)
{
    InspectSpool = InspectCommand.Run,
    VerifySpool = VerifyCommand.Run,
};
return await new CommandLine(handlers, CommandLine.ProcessEnvironment()).RunAsync(args, Console.Out, Console.Error, stop.Token);
