using Tailscale2Otel.Model;

namespace Tailscale2Otel.Config;

/// <summary>The daemon's own log, which goes to standard error.</summary>
[ConfigSection("")]
sealed class ProcessOptions : IConfigSection
{
    /// <summary>Least important level that is written.</summary>
    public LogVerbosity LogLevel { get; set; } = LogVerbosity.Info;

    /// <summary>One line of text or one JSON object for each entry.</summary>
    public LogFormat LogFormat { get; set; } = LogFormat.Text;
}
