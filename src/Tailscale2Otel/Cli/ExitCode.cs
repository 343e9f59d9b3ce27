namespace Tailscale2Otel.Cli;

/// <summary>What the process tells its parent.</summary>
static class ExitCode
{
    public const int Ok = 0;

    /// <summary>A configuration or runtime error; for <c>healthcheck</c>: not ready.</summary>
    public const int Failed = 1;

    /// <summary>A usage error; for <c>healthcheck</c>: unreachable.</summary>
    public const int Usage = 2;

    public const string Help = """
        Exit codes:
          0  success; healthcheck: ready; webhook verify: in order
          1  configuration or runtime error; healthcheck: not ready; webhook verify: not in order
          2  usage error; healthcheck: unreachable
        """;

    public const string Markdown = """
        ## Exit codes

        | Code | Meaning |
        | --- | --- |
        | 0 | success; `healthcheck`: ready; `webhook verify`: in order |
        | 1 | configuration or runtime error; `healthcheck`: not ready; `webhook verify`: not in order |
        | 2 | usage error; `healthcheck`: unreachable |

        """;
}
