using Tailscale2Otel.Cli;
using Tailscale2Otel.Hosting;
using Tailscale2Otel.Hosting.Check;
using Tailscale2Otel.Hosting.Inspection;
using Tailscale2Otel.Hosting.Redelivery.Letters;
using Tailscale2Otel.Hosting.Replay;

using var stop = new StopSignals();
var handlers = new CommandHandlers(Daemon.RunAsync, DemoHost.RunAsync)
{
    Check = CheckCommand.RunAsync,
    DeadLetters = DeadLetterCommand.RunAsync,
    InspectSpool = InspectCommand.Run,
    VerifySpool = VerifyCommand.Run,
    Replay = ReplayCommand.RunAsync,
};
return await new CommandLine(handlers, CommandLine.ProcessEnvironment()).RunAsync(args, StandardOutput.Open(), Console.Error, stop.Token);
