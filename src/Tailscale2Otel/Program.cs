using Tailscale2Otel.Cli;
using Tailscale2Otel.Hosting;
using Tailscale2Otel.Hosting.Redelivery.Letters;

using var stop = new StopSignals();
var handlers = new CommandHandlers(Daemon.RunAsync, DemoHost.RunAsync)
{
    DeadLetters = DeadLetterCommand.RunAsync,
};
return await new CommandLine(handlers, CommandLine.ProcessEnvironment()).RunAsync(args, Console.Out, Console.Error, stop.Token);
