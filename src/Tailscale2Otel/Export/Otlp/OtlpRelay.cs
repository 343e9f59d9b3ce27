using System.Net;
using OpenTelemetry.Exporter;

namespace Tailscale2Otel.Export.Otlp;

/// <summary>Stands where the SDK's exporter expects the network, and takes down what it wants to send.</summary>
sealed class OtlpRelay : HttpMessageHandler
{
    /// <summary>The last request's protobuf.</summary>
    public byte[]? Request { get; set; }

    /// <summary>Everything that could differ by environment variable is set, since those were read with the configuration.</summary>
    public OtlpExporterOptions Options() => new()
    {
        Protocol = OtlpExportProtocol.HttpProtobuf,
        Endpoint = new Uri("http://relay.invalid/v1/metrics"),
        Headers = "",
        Compression = OtlpExportCompression.None,
        TimeoutMilliseconds = int.MaxValue,
        HttpClientFactory = () => new HttpClient(this, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan },
    };

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        request.Content!.CopyTo(bytes, context: null, cancellationToken);
        Request = bytes.ToArray();
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent([]) };
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        await request.Content!.CopyToAsync(bytes, cancellationToken);
        Request = bytes.ToArray();
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent([]) };
    }
}
