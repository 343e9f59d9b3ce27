namespace Tailscale2Otel.Cli;

/// <summary>What the process tells its parent.</summary>
static class ExitCode
{
    public const int Ok = 0;

    /// <summary>A configuration or runtime error; for <c>healthcheck</c>: not ready.</summary>
    public const int Failed = 1;

    /// <summary>A usage error; for <c>healthcheck</c>: unreachable.</summary>
    public const int Usage = 2;

    /// <summary>For <c>check</c>: the Tailscale API does not take the credential.</summary>
    public const int Unauthenticated = 3;

    /// <summary>For <c>check</c>: an API that the configuration uses does not work.</summary>
    public const int ApiFailed = 4;

    /// <summary>For <c>check</c>: an OTLP endpoint does not work.</summary>
    public const int ExportFailed = 5;

    public const string Help = """
        Exit codes:
          0  success; check: all that is used works; healthcheck: ready; webhook verify: in order
          1  configuration or runtime error; check: configuration, spool or receivers; healthcheck: not ready; webhook verify: not in order
          2  usage error; healthcheck: unreachable
          3  check: authentication failed
          4  check: an API that is used does not work
          5  check: OTLP failed
        """;

    public const string Markdown = """
        ## Exit codes

        | Code | Meaning |
        | --- | --- |
        | 0 | success; `check`: all that is used works; `healthcheck`: ready; `webhook verify`: in order |
        | 1 | configuration or runtime error; `check`: configuration, spool or receivers; `healthcheck`: not ready; `webhook verify`: not in order |
        | 2 | usage error; `healthcheck`: unreachable |
        | 3 | `check`: authentication failed |
        | 4 | `check`: an API that is used does not work |
        | 5 | `check`: OTLP failed |

        """;
}
