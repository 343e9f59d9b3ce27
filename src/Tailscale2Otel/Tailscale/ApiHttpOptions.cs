using System.ComponentModel.DataAnnotations;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tailscale;

/// <summary>Limits of requests to the Tailscale API.</summary>
sealed class ApiHttpOptions : IConfigSection
{
    /// <summary>Longest time to the answer's head, and between two pieces of its body, in each attempt.</summary>
    [Within("00:00:00.1", "00:10:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest time of one call with all its attempts and waits.</summary>
    [Within("00:00:01", "01:00:00")]
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How often and how soon a failed attempt is repeated.</summary>
    public ApiRetryOptions Retry { get; set; } = new();

    /// <summary>Requests a second at most, over everything that asks the API of one tailnet; 0 is without limit.</summary>
    [Range(0.0, 1000.0)]
    public double RateLimit { get; set; }
}
