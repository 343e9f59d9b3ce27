using Tailscale2Otel.Cli;
using Tailscale2Otel.Config;

namespace Tailscale2Otel.Tests.Cli;

/// <summary>Handlers of which a test is about some; the others fail it.</summary>
static class SomeHandlers
{
    public static CommandHandlers Of(
        Func<LoadedConfig, CancellationToken, Task<int>> daemon, Func<DemoArguments, CancellationToken, Task<int>>? demo = null) =>
        new(daemon, demo ?? ((_, _) => throw new InvalidOperationException("demo")))
        {
            Check = (_, _, _, _) => throw new InvalidOperationException("check"),
            DeadLetters = (_, _, _, _) => throw new InvalidOperationException("dead-letters"),
            InspectSpool = (_, _, _, _) => throw new InvalidOperationException("spool inspect"),
            VerifySpool = (_, _, _, _) => throw new InvalidOperationException("spool verify"),
            Replay = (_, _, _, _) => throw new InvalidOperationException("replay"),
        };
}
