using System.ComponentModel.DataAnnotations;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tailscale;

/// <summary>Repetition of failed attempts for one tailnet; what is 0 or left out is as in <c>tailscale.http.retry</c>.</summary>
sealed class TailnetRetryOptions : IConfigSection
{
    /// <summary>As <c>tailscale.http.retry.max_attempts</c>.</summary>
    [Range(0, 20)]
    public int MaxAttempts { get; set; }

    /// <summary>As <c>tailscale.http.retry.base_delay</c>.</summary>
    [Within("00:00:00", "00:10:00")]
    public TimeSpan BaseDelay { get; set; }

    /// <summary>As <c>tailscale.http.retry.max_delay</c>.</summary>
    [Within("00:00:00", "00:10:00")]
    public TimeSpan MaxDelay { get; set; }
}
