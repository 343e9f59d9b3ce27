using Tailscale2Otel.Cli;

using var stop = new StopSignals();
var handlers = new CommandHandlers(
    RunDaemon: static (_, _) => Task.FromResult(ExitCode.Ok),
    RunDemo: static (_, _) => Task.FromResult(ExitCode.Ok));
return await new CommandLine(handlers, CommandLine.ProcessEnvironment()).RunAsync(args, Console.Out, Console.Error, stop.Token);
