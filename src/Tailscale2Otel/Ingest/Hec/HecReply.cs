namespace Tailscale2Otel.Ingest.Hec;

/// <summary>
/// Splunk's answers ("Troubleshoot HTTP Event Collector", table of status codes) and ours where it has none, whose code is the
/// HTTP status.
/// </summary>
/// <param name="Reason">The value of <c>tailscale.stream.rejected</c>'s attribute; empty for what is not a refusal.</param>
/// <param name="Advice">For the log: what the operator can change.</param>
sealed record HecReply(int Status, int Code, string Text, string Reason = "", string Advice = "")
{
    public static readonly HecReply Success = new(200, 0, "Success");
    public static readonly HecReply TokenRequired = new(401, 2, "Token is required", "auth", "give the sender the token of streaming.token");
    public static readonly HecReply InvalidAuthorization = new(401, 3, "Invalid authorization", "auth", "the sender's Authorization header is none of Splunk, Basic, Bearer or the bare token");
    public static readonly HecReply InvalidToken = new(403, 4, "Invalid token", "auth", "the sender's token is not one of streaming.token, or not that of the route of this path (streaming.routes)");
    public static readonly HecReply NoData = new(400, 5, "No data", "unparsable", "the sender posts empty bodies");
    public static readonly HecReply InvalidData = new(400, 6, "Invalid data format", "malformed", "the sender posts bodies that are not HEC events; nothing of them was kept");
    public static readonly HecReply InternalError = new(500, 8, "Internal server error", "internal", "this is a defect of the daemon, please report it");
    public static readonly HecReply Overloaded = new(503, 9, "Server is busy", "overloaded", "raise streaming.max_concurrent_requests or streaming.max_concurrent_body_bytes, or send less at once");
    public static readonly HecReply SpoolFull = new(503, 9, "Server is busy", "wal_unavailable", "the spool takes no more: see whether the backend accepts, and spool.max_bytes");
    public static readonly HecReply AcksFull = new(503, 9, "Server is busy", "acks_full", "the sender does not ask for its acknowledgements, or raise streaming.ack_max_pending");
    public static readonly HecReply ChannelMissing = new(400, 10, "Data channel is missing", "channel", "streaming.ack is on, so the sender must name a channel");
    public static readonly HecReply ChannelInvalid = new(400, 11, "Invalid data channel", "channel", "a channel is a GUID");
    public static readonly HecReply EventRequired = new(400, 12, "Event field is required", "invalid_event", "the sender posts objects that are neither HEC events nor flow or audit records");
    public static readonly HecReply EventBlank = new(400, 13, "Event field cannot be blank", "invalid_event", "the sender posts empty events");
    public static readonly HecReply AckDisabled = new(400, 14, "ACK is disabled", "ack_disabled", "streaming.ack turns acknowledgement on");
    public static readonly HecReply IndexedFields = new(400, 15, "Error in handling indexed fields", "invalid_event", "the sender's fields are not flat");
    public static readonly HecReply QueryToken = new(400, 16, "Query string authorization is not enabled", "auth", "send the token in a header, or set streaming.allow_query_token");
    public static readonly HecReply Healthy = new(200, 17, "HEC is healthy");
    public static readonly HecReply QueuesFull = new(503, 18, "HEC is unhealthy, queues are full");
    public static readonly HecReply Stopping = new(503, 23, "Server is shutting down", "stopping", "the daemon is going down; the sender comes again");

    public static readonly HecReply Forbidden = new(403, 403, "This receiver has no token, so it serves only loopback addresses: set streaming.token, or listen on 127.0.0.1", "auth_required", "set streaming.token, or streaming.listen to a loopback address");
    public static readonly HecReply CrossSite = new(403, 403, "This receiver has no token, so it refuses what a web page could send: set streaming.token, or send Content-Type: application/json to a loopback address", "cross_site", "set streaming.token");
    public static readonly HecReply Misframed = new(400, 400, "The request body is not framed as HTTP says", "malformed", "the sender, or a proxy on the way, breaks HTTP; nothing of it was kept");
    public static readonly HecReply NotFound = new(404, 404, "The requested URL was not found on this server.");
    public static readonly HecReply MethodNotAllowed = new(405, 405, "The requested method is not allowed for this URL.");
    public static readonly HecReply Timeout = new(408, 408, "The request body did not arrive in time", "timeout", "the sender is slow, or raise streaming.receive_timeout");
    public static readonly HecReply TooLarge = new(413, 413, "The request body is too large", "too_large", "raise streaming.max_body_bytes, or send less at once");
    public static readonly HecReply TooManyRecords = new(413, 413, "The request has too many records", "too_many_records", "raise streaming.max_records_per_request, or send less at once");
    public static readonly HecReply TooManyConnections = new(413, 413, "The request has too many connections", "too_many_connections", "raise streaming.max_connections_per_request, or send less at once");
    public static readonly HecReply UnknownEncoding = new(415, 415, "Content-Encoding must be gzip, zstd, deflate or identity", "encoding", "change the sender's compression");
    public static readonly HecReply ZstdMissing = new(415, 415, "This host has no libzstd: Content-Encoding must be gzip, deflate or identity", "encoding", "install libzstd (Debian: libzstd1), or change the sender's compression");

    public bool IsRefusal => Reason.Length > 0;
}
