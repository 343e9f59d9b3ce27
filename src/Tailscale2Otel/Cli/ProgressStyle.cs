namespace Tailscale2Otel.Cli;

enum ProgressStyle
{
    None,

    /// <summary>One line of a terminal, written over.</summary>
    Bar,

    /// <summary>A line of its own now and then, for a file or pipe.</summary>
    Lines,
}
