using Tailscale2Otel.Model;

namespace Tailscale2Otel.Ingest.LogStream;

/// <summary>How Tailscale's delivery of its log stream goes, asked for at an interval. It needs a credential in tailscale.auth.</summary>
[ConfigSection("collectors.log_stream")]
sealed class LogStreamOptions : IConfigSection
{
    /// <summary>Whether it is asked for, wherever the stream goes.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Time between two looks. Four requests each; a tailnet without log streaming is asked once an hour.</summary>
    [Within("00:00:10", "1.00:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(10);
}
