using System.Text;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Export.Otlp;

/// <summary>Where one signal goes and how, with everything inherited that its own options left open.</summary>
sealed record OtlpTarget
{
    public const string StandardOutput = "standard output";

    static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10);

    public required OtlpSignal Signal { get; init; }

    /// <summary><c>http</c>, <c>grpc</c> or <c>stdout</c>.</summary>
    public required string Protocol { get; init; }

    /// <summary>The address that requests are posted to; for gRPC without the method's path.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>The signal's own options name the address, not the shared ones.</summary>
    public bool HasOwnEndpoint { get; init; }

    public required IReadOnlyDictionary<string, Secret> Headers { get; init; }

    public required OtlpTlsOptions Tls { get; init; }

    /// <summary><c>none</c>, <c>gzip</c> or <c>zstd</c>.</summary>
    public required string Compression { get; init; }

    public required TimeSpan Timeout { get; init; }

    /// <summary>0: no limit.</summary>
    public required int MaxRequestSize { get; init; }

    public required OtlpRetryOptions Retry { get; init; }

    /// <summary>As in metrics' <c>signal</c> attribute and in messages.</summary>
    public string Name => Signal == OtlpSignal.Logs ? "logs" : "metrics";

    /// <summary>Where it goes, for an operator; without the query, where some backends want a key.</summary>
    public string Place => Protocol == OtlpChoice.Stdout ? StandardOutput : $"{Protocol} {Endpoint.GetLeftPart(UriPartial.Path).TrimEnd('/')}";

    /// <summary>Null when the signal is turned off.</summary>
    /// <exception cref="FormatException">The endpoint is not one; the validator says so before.</exception>
    public static OtlpTarget? Resolve(OtlpOptions options, OtlpSignal signal)
    {
        var own = signal == OtlpSignal.Logs ? options.Logs : options.Metrics;
        if (own.Enabled == false)
            return null;

        var protocol = Either(own.Protocol, options.Protocol);
        var tls = InheritTls(options.Tls, own.Tls);
        // A base endpoint of the other protocol says nothing about this one.
        var endpoint = own.Endpoint.Length > 0 ? own.Endpoint : protocol == options.Protocol ? options.Endpoint : "";
        // Text goes nowhere else, whatever an endpoint for another protocol says.
        if (!OtlpEndpoint.TryParse(protocol == OtlpChoice.Stdout ? "" : endpoint, protocol, tls.Insecure, out var uri, out var problem))
            throw new FormatException(problem);
        if (protocol == OtlpChoice.Http && own.Endpoint.Length == 0)
            uri = OtlpEndpoint.Append(uri, signal == OtlpSignal.Logs ? "v1/logs" : "v1/metrics");

        return new OtlpTarget
        {
            Signal = signal,
            Protocol = protocol,
            Endpoint = uri,
            HasOwnEndpoint = own.Endpoint.Length > 0,
            Headers = own.Headers.Count > 0 ? own.Headers : SharedHeaders(options),
            Tls = tls,
            Compression = Either(Either(own.Compression, options.Compression), OtlpChoice.None),
            Timeout = own.Timeout > TimeSpan.Zero ? own.Timeout : options.Timeout > TimeSpan.Zero ? options.Timeout : DefaultTimeout,
            MaxRequestSize = own.MaxRequestSize > 0 ? own.MaxRequestSize : options.MaxRequestSize,
            Retry = InheritRetry(options.Retry, own.Retry),
        };
    }

    static Dictionary<string, Secret> SharedHeaders(OtlpOptions options)
    {
        var headers = new Dictionary<string, Secret>(options.Headers, StringComparer.OrdinalIgnoreCase);
        var cloud = options.GrafanaCloud;
        if (cloud.InstanceId.Length > 0 && !cloud.Token.IsEmpty)
        {
            var pair = Encoding.UTF8.GetBytes($"{cloud.InstanceId}:{cloud.Token.Reveal()}");
            headers.TryAdd("Authorization", new Secret("Basic " + Convert.ToBase64String(pair)));
        }

        return headers;
    }

    static OtlpTlsOptions InheritTls(OtlpTlsOptions shared, OtlpSignalTlsOptions own)
    {
        // A client certificate is a pair: a signal that names one file of it takes none of the other pair.
        var ownPair = own.CertFile.Length > 0 || own.KeyFile.Length > 0;
        return new OtlpTlsOptions
        {
            Insecure = own.Insecure ?? shared.Insecure,
            InsecureSkipVerify = own.InsecureSkipVerify ?? shared.InsecureSkipVerify,
            CaFile = Either(own.CaFile, shared.CaFile),
            CertFile = ownPair ? own.CertFile : shared.CertFile,
            KeyFile = ownPair ? own.KeyFile : shared.KeyFile,
        };
    }

    static OtlpRetryOptions InheritRetry(OtlpRetryOptions shared, OtlpSignalRetryOptions own)
    {
        if (own.Enabled is null && own.InitialInterval == default && own.MaxInterval == default && own.MaxElapsedTime == default)
            return shared;

        var defaults = new OtlpRetryOptions();
        return new OtlpRetryOptions
        {
            Enabled = own.Enabled ?? defaults.Enabled,
            InitialInterval = own.InitialInterval == default ? defaults.InitialInterval : own.InitialInterval,
            MaxInterval = own.MaxInterval == default ? defaults.MaxInterval : own.MaxInterval,
            MaxElapsedTime = own.MaxElapsedTime == default ? defaults.MaxElapsedTime : own.MaxElapsedTime,
        };
    }

    static string Either(string first, string second) => first.Length > 0 ? first : second;
}
