namespace Tailscale2Otel.Hosting.Check;

enum CheckState
{
    Ok,

    /// <summary>Somebody has to give, set or switch on something.</summary>
    Missing,

    Failed,

    /// <summary>The check ended before there was an answer.</summary>
    Unknown,

    NotUsed,
}
