namespace Tailscale2Otel.Tests.Support;

sealed record OtlpReceiverSettings
{
    /// <summary>TLS with these; null is plain text.</summary>
    public OtlpCertificates? Certificates { get; init; }

    /// <summary>Refuse a connection without a client certificate of <see cref="Certificates"/>.</summary>
    public bool RequireClientCertificate { get; init; }

    /// <summary>For long runs: requests, records and metrics are shown to <see cref="OtlpReceiver.Kept"/> and forgotten.</summary>
    public bool IsForgetful { get; init; }

    /// <summary>0 takes free ports.</summary>
    public int HttpPort { get; init; }

    public int GrpcPort { get; init; }
}
