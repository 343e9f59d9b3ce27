using System.ComponentModel.DataAnnotations;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Ingest.Hec;

/// <summary>The receiver for Tailscale's log streaming, which speaks Splunk's HTTP Event Collector protocol.</summary>
[ConfigSection("streaming")]
sealed class HecOptions : IConfigSection
{
    /// <summary>Whether the receiver listens.</summary>
    public bool Enabled { get; set; }

    /// <summary>Address and port: <c>:8088</c> is every address of IPv4 and IPv6, <c>[fd7a:...]:8088</c> one of them.</summary>
    public string Listen { get; set; } = ":8088";

    /// <summary>Path that takes events, beside Splunk's own paths below <c>/services/collector</c>.</summary>
    public string Path { get; set; } = "/services/collector/event";

    /// <summary>One or several tokens, each as good as the other, for rotation. Without any, it serves only on a loopback address.</summary>
    public IReadOnlyList<Secret> Token { get; set; } = [];

    /// <summary>
    /// Whole address at which Tailscale reaches this receiver, for <c>auto_configure</c>: https, or http with a node's name
    /// or IPv6 address; never an IPv4 address.
    /// </summary>
    public string PublicUrl { get; set; } = "";

    /// <summary>Points the tailnet's log streaming at <c>public_url</c> when the daemon starts.</summary>
    public bool AutoConfigure { get; set; }

    /// <summary>Also when the tailnet's logs are streamed somewhere else by then, which ends.</summary>
    public bool AutoConfigureOverwrite { get; set; }

    /// <summary>A way in for each of several tailnets, in place of <c>token</c>, <c>public_url</c> and <c>auto_configure</c>.</summary>
    [AtMost(100)]
    [Sections<HecRouteOptions>]
    public IReadOnlyList<HecRouteOptions> Routes { get; set; } = [];

    /// <summary>Takes the token also from the query (<c>?token=</c>), where proxies write it into their logs.</summary>
    public bool AllowQueryToken { get; set; }

    /// <summary>Certificate of the listener; without it, it speaks plain HTTP.</summary>
    public TlsFiles Tls { get; set; } = new();

    /// <summary>How bodies are decompressed: by their <c>Content-Encoding</c>, or always in one way.</summary>
    public HecDecompression Decompress { get; set; }

    /// <summary>Largest body after decompression. 0 is 64 MiB; negative is the most that is allowed, 256 MiB.</summary>
    [Range(-1, HecLimits.LargestBody)]
    public long MaxBodyBytes { get; set; }

    /// <summary>
    /// Bodies in memory at once, all together; a request that does not fit is told to come again. At least twice
    /// <c>max_body_bytes</c>, since a body is there compressed and decompressed.
    /// </summary>
    [Range(1_048_576, 17_179_869_184)]
    public long MaxConcurrentBodyBytes { get; set; } = 268_435_456;

    /// <summary>Requests that are decoded or on their way to disk at once. 0 is 64; negative is without limit.</summary>
    [Range(-1, 65_536)]
    public int MaxConcurrentRequests { get; set; }

    /// <summary>Most records in one request.</summary>
    [Range(1, 5_000_000)]
    public int MaxRecordsPerRequest { get; set; } = 500_000;

    /// <summary>Most connections (rows of the traffic arrays) in one request.</summary>
    [Range(1, 50_000_000)]
    public int MaxConnectionsPerRequest { get; set; } = 500_000;

    /// <summary>Deepest nesting of objects and arrays in a body.</summary>
    [Range(4, 512)]
    public int MaxNesting { get; set; } = 64;

    /// <summary>Longest time from a request's headers to the end of its body.</summary>
    [Within("00:00:01", "01:00:00")]
    public TimeSpan ReceiveTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Splunk's indexer acknowledgement: a request must name a channel and gets a number, which turns true once the backend has
    /// accepted the request's records.
    /// </summary>
    public bool Ack { get; set; }

    /// <summary>Most channels that are remembered.</summary>
    [Range(1, 1_000_000)]
    public int AckMaxChannels { get; set; } = 10_000;

    /// <summary>Most unasked acknowledgements in one channel.</summary>
    [Range(1, 10_000_000)]
    public int AckMaxPendingPerChannel { get; set; } = 100_000;

    /// <summary>Most unasked acknowledgements in all channels together.</summary>
    [Range(1, 10_000_000)]
    public int AckMaxPending { get; set; } = 500_000;

    /// <summary>A channel that nobody used for so long is forgotten.</summary>
    [Within("00:00:10", "7.00:00:00")]
    public TimeSpan AckChannelIdle { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>What becomes of events that are neither flow nor audit records.</summary>
    public UnrecognizedEvents Unrecognized { get; set; }
}
