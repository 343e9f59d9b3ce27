namespace Tailscale2Otel.Ingest.Webhook;

/// <summary>What is wrong with a delivery's signature; <see cref="None"/> when nothing is.</summary>
enum WebhookFault
{
    None,
    MissingSignature,
    MalformedSignature,
    BadSignature,

    /// <summary>Rightly signed, and so long ago that a replay could not be told from it any more.</summary>
    StaleTimestamp,

    /// <summary>Rightly signed, at a time that has not come yet.</summary>
    FutureTimestamp,
}
