namespace Tailscale2Otel.Ingest.Webhook;

/// <summary>What a delivery is refused with. Tailscale sends again hourly for a day whatever the status, unless it is 2xx.</summary>
/// <param name="Reason">The value of <c>tailscale.webhook.rejected</c>'s attribute.</param>
/// <param name="Text">For the sender; says nothing of the secret or of the request.</param>
/// <param name="Advice">For the log: what the operator can change.</param>
sealed record WebhookReply(int Status, string Reason, string Text, string Advice)
{
    public static readonly WebhookReply NotFound = new(404, "not_found", "There is nothing here", "the path of the webhook's URL must be webhook.path");
    public static readonly WebhookReply MethodNotAllowed = new(405, "method_not_allowed", "Deliveries are posted", "only POST is a delivery; a browser or a probe may have asked");
    public static readonly WebhookReply AuthRequired = new(403, "auth_required", "This receiver has no secret, so it serves only loopback addresses", "set webhook.secret to the secret that Tailscale showed when the webhook was created, or webhook.listen to a loopback address");
    public static readonly WebhookReply CrossSite = new(403, "cross_site", "This receiver has no secret, so it refuses what a web page could send", "set webhook.secret");
    public static readonly WebhookReply Encoding = new(415, "encoding", "Content-Encoding must be identity", "Tailscale does not compress: a proxy before the daemon does, and the signature is over the body as Tailscale sent it");
    public static readonly WebhookReply Overloaded = new(503, "overloaded", "The receiver is busy", "raise webhook.max_concurrent_requests");
    public static readonly WebhookReply TooLarge = new(413, "too_large", "The body is too large", "raise webhook.max_body_bytes");
    public static readonly WebhookReply TooManyEvents = new(413, "too_many_events", "The body has too many events", "at most 10000 events in one delivery; this is not Tailscale's");
    public static readonly WebhookReply Late = new(408, "read_error", "The body did not arrive in time", "the sender or a proxy on the way is slow");
    public static readonly WebhookReply Misframed = new(400, "read_error", "The body is not framed as HTTP says", "somebody else than Tailscale posts here, or a proxy on the way breaks HTTP");
    public static readonly WebhookReply MissingSignature = new(401, "missing_signature", "There is no Tailscale-Webhook-Signature", "somebody else than Tailscale posts here, or a proxy removes the header");
    public static readonly WebhookReply MalformedSignature = new(401, "malformed_signature", "The Tailscale-Webhook-Signature cannot be read", "somebody else than Tailscale posts here, or a proxy changes the header");
    public static readonly WebhookReply BadSignature = new(401, "bad_signature", "The signature does not fit", "webhook.secret is another webhook's or was rotated, or a proxy changes the body; capture a request and run: tailscale2otel webhook verify --secret-file FILE < REQUEST");
    public static readonly WebhookReply StaleTimestamp = new(401, "stale_timestamp", "The signature is too old", "look at this machine's clock; deliveries older than 25 hours, or than deduplication.window remembers, are refused because a replay could not be told from them");
    public static readonly WebhookReply FutureTimestamp = new(401, "future_timestamp", "The signature is from the future", "this machine's clock is behind; set it, or raise webhook.tolerance");
    public static readonly WebhookReply InvalidBody = new(400, "invalid_body", "The body is not a JSON array of events", "create the webhook in Tailscale without a provider type: chat formats (Slack, Mattermost, Google Chat, Discord) are not event batches");
    public static readonly WebhookReply SpoolFull = new(503, "wal_unavailable", "The receiver cannot keep more", "the spool takes no more: see whether the backend accepts, and spool.max_bytes");
    public static readonly WebhookReply Stopping = new(503, "stopping", "The receiver is going down", "the daemon is going down; Tailscale sends again");
    public static readonly WebhookReply InternalError = new(500, "internal", "Internal error", "this is a defect of the daemon, please report it");

    /// <summary>Null for a signature that is in order.</summary>
    public static WebhookReply? Of(WebhookFault fault) => fault switch
    {
        WebhookFault.None => null,
        WebhookFault.MissingSignature => MissingSignature,
        WebhookFault.MalformedSignature => MalformedSignature,
        WebhookFault.StaleTimestamp => StaleTimestamp,
        WebhookFault.FutureTimestamp => FutureTimestamp,
        _ => BadSignature,
    };

    /// <summary>Null for a body that is an array.</summary>
    public static WebhookReply? Of(WebhookShape shape) => shape switch
    {
        WebhookShape.Array => null,
        WebhookShape.TooManyEvents => TooManyEvents,
        _ => InvalidBody,
    };

    /// <summary>Null when the spool takes, or took, the events.</summary>
    public static WebhookReply? Of(IntakeOutcome outcome) => outcome switch
    {
        IntakeOutcome.Kept => null,
        IntakeOutcome.Stopping => Stopping,
        _ => SpoolFull,
    };

    /// <summary>Null when the request may go on.</summary>
    public static WebhookReply? Of(OpenAccessVerdict verdict) => verdict switch
    {
        OpenAccessVerdict.Open => null,
        OpenAccessVerdict.Closed => AuthRequired,
        _ => CrossSite,
    };

    public static WebhookReply Of(BodyOutcome outcome) => outcome switch
    {
        BodyOutcome.TooLarge => TooLarge,
        BodyOutcome.Busy => Overloaded,
        BodyOutcome.Late => Late,
        BodyOutcome.Misframed => Misframed,
        _ => InternalError,
    };
}
