namespace Tailscale2Otel.Cli;

/// <summary>The sub-commands of <c>dead-letters</c>.</summary>
enum DeadLetterAction
{
    List,
    Show,
    Retry,
    Drop,
}
