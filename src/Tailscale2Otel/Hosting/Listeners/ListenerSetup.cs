using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Tailscale2Otel.Hosting.Listeners;

/// <summary>
/// Sets the web server up for its listeners: addresses, HTTP/1.1 and HTTP/2 with and without TLS, certificates that are read
/// again when they change, bounds against slow and many senders.
/// </summary>
sealed class ListenerSetup(IReadOnlyList<Listener> listeners, Meter meter, TimeProvider time, ILoggerFactory logging)
{
    /// <summary>Beyond that, connections wait in the system's backlog or are refused.</summary>
    const int MaxConnections = 2048;

    /// <summary>For bodies that no receiver reads with a bound of its own.</summary>
    const int DefaultBodyBytes = 1024 * 1024;

    /// <summary>Unread bytes of one connection; a usual request body fits.</summary>
    const int ConnectionBufferBytes = 256 * 1024;

    static readonly TimeSpan HeaderTimeout = TimeSpan.FromSeconds(10);
    static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(120);

    readonly CertificateMetrics _certificates = new(meter);

    /// <summary>
    /// Starting the server then throws <see cref="ListenException"/> for an address that cannot be bound, and
    /// <see cref="ListenException"/> right here for a certificate that cannot be read.
    /// </summary>
    public void Apply(IWebHostBuilder web)
    {
        var certificates = listeners.ToDictionary(l => l.Name, Certificate);
        web.UseKestrelCore();
        web.ConfigureKestrel(kestrel => Configure(kestrel, certificates));
        web.UseSockets(sockets =>
        {
            sockets.CreateBoundListenSocket = Bind;
            sockets.MaxReadBufferSize = ConnectionBufferBytes;
        });
        // Behind the server's own: the last registration is the one that counts.
        web.ConfigureServices(services => services.AddSingleton<IMemoryPoolFactory<byte>, ConnectionMemoryFactory>());
        if (listeners.Any(l => l.IsTls))
            web.UseKestrelHttpsConfiguration();
    }

    void Configure(KestrelServerOptions kestrel, Dictionary<string, ServerCertificate?> certificates)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = MaxConnections;
        kestrel.Limits.MaxRequestBodySize = DefaultBodyBytes;
        kestrel.Limits.MaxRequestBufferSize = ConnectionBufferBytes;
        kestrel.Limits.RequestHeadersTimeout = HeaderTimeout;
        kestrel.Limits.KeepAliveTimeout = IdleTimeout;
        // A sender below 240 bytes a second for 5 seconds is not slow but stuck, or means harm.
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(240, TimeSpan.FromSeconds(5));
        foreach (var listener in listeners)
            Listen(kestrel, listener, certificates[listener.Name]);
    }

    void Listen(KestrelServerOptions kestrel, Listener listener, ServerCertificate? certificate)
    {
        void Set(ListenOptions options)
        {
            var feature = new ListenerFeature(listener.Name);
            options.Use(next => connection =>
            {
                connection.Features.Set(feature);
                return next(connection);
            });
            // Without TLS both are the default; asking for them would make the server warn that it cannot tell them apart.
            if (certificate is null)
            {
                options.Use(next => connection => Http2Preface.DetectAsync(connection, next, IdleTimeout, time));
            }
            else
            {
                options.Protocols = HttpProtocols.Http1AndHttp2;
                options.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(certificate.Current()), HandshakeTimeout = HeaderTimeout });
            }
        }

        if (listener.Address.Address is { } address)
            kestrel.Listen(address, listener.Address.Port, Set);
        else if (listener.Address.Port == 0)
            kestrel.Listen(IPAddress.Loopback, 0, Set);
        else
            kestrel.ListenLocalhost(listener.Address.Port, Set);
    }

    ServerCertificate? Certificate(Listener listener) =>
        listener.IsTls ? new ServerCertificate(listener, _certificates, time, logging.CreateLogger<ServerCertificate>()) : null;

    Socket Bind(EndPoint endpoint)
    {
        try
        {
            // Every address of a machine without IPv6 is every IPv4 address.
            return SocketTransportOptions.CreateDefaultBoundListenSocket(
                endpoint is IPEndPoint { Port: var port } ip && ip.Address.Equals(IPAddress.IPv6Any) && !Socket.OSSupportsIPv6
                    ? new IPEndPoint(IPAddress.Any, port)
                    : endpoint);
        }
        catch (SocketException e) when (!MayBeMissing(endpoint, e))
        {
            var listener = listeners.FirstOrDefault(l => IsFor(l, endpoint));
            throw new ListenException($"{listener?.Key ?? "listener"}: cannot listen on {listener?.Address.ToString() ?? endpoint.ToString()}: {Explain(e)}", e);
        }
    }

    /// <summary>One of the two addresses behind <c>localhost</c> may be missing; the server says so and goes on.</summary>
    bool MayBeMissing(EndPoint endpoint, SocketException e) =>
        e.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported
        && listeners.Any(l => l.Address.Address is null && IsFor(l, endpoint));

    static bool IsFor(Listener listener, EndPoint endpoint) =>
        endpoint is IPEndPoint ip && ip.Port == listener.Address.Port
        && (listener.Address.Address?.Equals(ip.Address) ?? IPAddress.IsLoopback(ip.Address));

    static string Explain(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => "another process listens there already; stop it or choose another port",
        SocketError.AccessDenied => "not permitted; ports below 1024 need CAP_NET_BIND_SERVICE, or choose a higher one",
        SocketError.AddressNotAvailable => "this machine does not have that address (a Tailscale address exists only while tailscaled is up)",
        _ => e.Message,
    };
}
