using Tailscale2Otel.Config;

namespace Tailscale2Otel.Cli;

/// <summary>What the command line starts and does not know. Writers are standard output and standard error.</summary>
/// <param name="RunDaemon">Gets a valid configuration; ends with the exit code after the token was cancelled and all is drained.</param>
sealed record CommandHandlers(
    Func<LoadedConfig, CancellationToken, Task<int>> RunDaemon,
    Func<DemoArguments, CancellationToken, Task<int>> RunDemo)
{
    public required Func<CheckArguments, TextWriter, TextWriter, CancellationToken, Task<int>> Check { get; init; }

    public required Func<DeadLetterArguments, TextWriter, TextWriter, CancellationToken, Task<int>> DeadLetters { get; init; }

    public required Func<InspectArguments, TextWriter, TextWriter, CancellationToken, int> InspectSpool { get; init; }

    public required Func<VerifyArguments, TextWriter, TextWriter, CancellationToken, int> VerifySpool { get; init; }

    public required Func<ReplayArguments, TextWriter, TextWriter, CancellationToken, Task<int>> Replay { get; init; }
}
