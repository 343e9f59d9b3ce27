using Tailscale2Otel.Cli;

namespace Tailscale2Otel.Hosting;

/// <summary>Where <c>otlp.protocol: stdout</c> writes; each takes one line a call.</summary>
sealed record StdoutWriters(TextWriter Records, TextWriter Metrics)
{
    public static StdoutWriters OfProcess()
    {
        var output = StandardOutput.Open();
        return new StdoutWriters(output, output);
    }
}
