using System.ComponentModel.DataAnnotations;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tailscale;

/// <summary>Limits of requests for one tailnet; what is 0 or left out is as in <c>tailscale.http</c>.</summary>
sealed class TailnetHttpOptions : IConfigSection
{
    /// <summary>As <c>tailscale.http.timeout</c>.</summary>
    [Within("00:00:00", "00:10:00")]
    public TimeSpan Timeout { get; set; }

    /// <summary>As <c>tailscale.http.total_timeout</c>.</summary>
    [Within("00:00:00", "01:00:00")]
    public TimeSpan TotalTimeout { get; set; }

    /// <summary>As <c>tailscale.http.retry</c>.</summary>
    public TailnetRetryOptions Retry { get; set; } = new();

    /// <summary>As <c>tailscale.http.rate_limit</c>.</summary>
    [Range(0.0, 1000.0)]
    public double RateLimit { get; set; }

    public ApiHttpOptions Over(ApiHttpOptions common) => new()
    {
        Timeout = Or(Timeout, common.Timeout),
        TotalTimeout = Or(TotalTimeout, common.TotalTimeout),
        Retry = new ApiRetryOptions
        {
            MaxAttempts = Retry.MaxAttempts == 0 ? common.Retry.MaxAttempts : Retry.MaxAttempts,
            BaseDelay = Or(Retry.BaseDelay, common.Retry.BaseDelay),
            MaxDelay = Or(Retry.MaxDelay, common.Retry.MaxDelay),
        },
        RateLimit = RateLimit == 0 ? common.RateLimit : RateLimit,
    };

    static TimeSpan Or(TimeSpan own, TimeSpan common) => own == TimeSpan.Zero ? common : own;
}
