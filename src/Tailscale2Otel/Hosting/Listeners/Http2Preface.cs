using System.IO.Pipelines;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Tailscale2Otel.Hosting.Listeners;

/// <summary>
/// HTTP/2 without TLS has no negotiation: the client just begins with a preface (RFC 9113, section 3.4). Kestrel takes that only
/// on listeners without HTTP/1.1, so we look at the first bytes and tell it the protocol as TLS would have. It asks first whether
/// there is TLS and then what was negotiated; with the second answer the first is taken back, so that no request sees it.
/// </summary>
static class Http2Preface
{
    static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    public static async Task DetectAsync(ConnectionContext connection, ConnectionDelegate next, TimeSpan timeout, TimeProvider time)
    {
        if (await TryDetectAsync(connection, timeout, time))
            await next(connection);
    }

    /// <summary>False when the connection ended before anything was said on it.</summary>
    static async ValueTask<bool> TryDetectAsync(ConnectionContext connection, TimeSpan timeout, TimeProvider time)
    {
        // Kestrel's own timeouts begin with the protocol, so waiting for the first bytes needs one.
        using var late = new CancellationTokenSource(timeout, time);
        var closing = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, connection.ConnectionClosed, closing);
        try
        {
            if (await BeginsWithPrefaceAsync(connection.Transport.Input, either.Token))
                Negotiate(connection.Features);
            return true;
        }
        catch (Exception e) when (e is OperationCanceledException or ConnectionResetException or IOException)
        {
            // Nobody has said anything: there is nobody to answer.
            connection.Abort();
            return false;
        }
    }

    static async ValueTask<bool> BeginsWithPrefaceAsync(PipeReader input, CancellationToken cancellation)
    {
        while (true)
        {
            var read = await input.ReadAsync(cancellation);
            var bytes = read.Buffer.IsSingleSegment || read.Buffer.FirstSpan.Length >= Preface.Length
                ? read.Buffer.FirstSpan
                : System.Buffers.BuffersExtensions.ToArray(read.Buffer.Slice(0, Math.Min(Preface.Length, read.Buffer.Length)));
            var length = Math.Min(bytes.Length, Preface.Length);
            var isAlike = bytes[..length].SequenceEqual(Preface[..length]);
            var isDecided = !isAlike || length == Preface.Length || read.IsCompleted;
            // Nothing is consumed, and only an open question counts as looked at.
            input.AdvanceTo(read.Buffer.Start, isDecided ? read.Buffer.Start : read.Buffer.End);
            if (isDecided)
                return isAlike && length == Preface.Length;
        }
    }

    static void Negotiate(IFeatureCollection features)
    {
        var negotiated = new NegotiatedHttp2(features);
        features.Set<ITlsConnectionFeature>(negotiated);
        features.Set<ITlsApplicationProtocolFeature>(negotiated);
    }

    sealed class NegotiatedHttp2(IFeatureCollection features) : ITlsApplicationProtocolFeature, ITlsConnectionFeature
    {
        static readonly byte[] H2 = "h2"u8.ToArray();

        public ReadOnlyMemory<byte> ApplicationProtocol
        {
            get
            {
                features.Set<ITlsConnectionFeature>(null);
                return H2;
            }
        }

        public X509Certificate2? ClientCertificate { get; set; }

        public Task<X509Certificate2?> GetClientCertificateAsync(CancellationToken cancellationToken) => Task.FromResult<X509Certificate2?>(null);
    }
}
