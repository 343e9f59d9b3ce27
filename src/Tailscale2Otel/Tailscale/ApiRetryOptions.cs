using System.ComponentModel.DataAnnotations;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tailscale;

/// <summary>Repetition of failed attempts within one call: 429, 5xx and network failures.</summary>
sealed class ApiRetryOptions : IConfigSection
{
    /// <summary>Attempts in all; 1 never repeats.</summary>
    [Range(1, 20)]
    public int MaxAttempts { get; set; } = 4;

    /// <summary>Wait before the second attempt; it doubles, with jitter.</summary>
    [Within("00:00:00.001", "00:10:00")]
    public TimeSpan BaseDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest wait between two attempts. A longer <c>Retry-After</c> ends the call, and the next one keeps to it.</summary>
    [Within("00:00:00.001", "00:10:00")]
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromSeconds(10);
}
