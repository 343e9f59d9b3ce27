using System.Net.Sockets;
using System.Threading.Channels;
using Tailscale2Otel.Demo.Simulation;

namespace Tailscale2Otel.Demo.ControlPlane;

/// <summary>
/// One log that is streamed to one destination. New records are posted to it when it is <c>splunk</c>; in the order in which they
/// were added, each batch until it is acknowledged or refused for good.
/// </summary>
sealed class LogStream : IAsyncDisposable
{
    /// <summary>Beyond that the oldest waiting records are lost, as in any stream whose receiver is gone for too long.</summary>
    const int MaxWaiting = 50_000;

    /// <summary>Records of one captured request.</summary>
    const int BatchRecords = SimulatedStream.TypicalBatch;

    readonly Channel<SimulatedRecord> _waiting = Channel.CreateBounded<SimulatedRecord>(
        new BoundedChannelOptions(MaxWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest });
    readonly CancellationTokenSource _stop = new();
    readonly ControlPlaneClock _clock;
    readonly HttpClient? _http;
    readonly StreamPublisher? _publisher;
    readonly Task _publishing = Task.CompletedTask;
    volatile string _lastError = "";
    long _bytes;
    long _refusedRequests;
    long _retriesBefore;
    long _lastActivity;

    public LogStream(StreamDestination destination, ControlPlaneSettings settings, ControlPlaneClock clock)
    {
        Destination = destination;
        _clock = clock;
        if (destination is not { Type: "splunk", Url: { } url })
            return;
        _http = new HttpClient(Handler(destination, settings));
        _publisher = new StreamPublisher(_http, url, destination.Token, clock.Time, destination.User);
        _publishing = Task.Run(PublishAsync);
    }

    public StreamDestination Destination { get; }

    /// <summary>What shall be said instead of what has become of the records, for tests; null says the truth.</summary>
    public StreamDelivery? Told { get; set; }

    public StreamDelivery Delivery => Told ?? Own();

    public void Add(SimulatedRecord record)
    {
        if (_publisher is not null)
            _waiting.Writer.TryWrite(record);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _publishing;
        _http?.Dispose();
        _stop.Dispose();
    }

    /// <summary>A private host is a node, and the nodes are where the settings say.</summary>
    static SocketsHttpHandler Handler(StreamDestination destination, ControlPlaneSettings settings)
    {
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(5) };
        if (destination.IsPrivate)
        {
            handler.ConnectCallback = async (context, cancellation) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                try
                {
                    await socket.ConnectAsync(settings.NodeAddress, context.DnsEndPoint.Port, cancellation);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            };
        }

        return handler;
    }

    async Task PublishAsync()
    {
        var batch = new StreamBatch();
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(_stop.Token))
            {
                while (batch.Count < BatchRecords && _waiting.Reader.TryRead(out var record))
                    batch.Add(record.WriteStream, timestamp: 0);
                await PublishAsync(batch);
                batch.Clear();
            }
        }
        catch (OperationCanceledException)
        {
            // What waits is lost with the stream.
        }
    }

    async Task PublishAsync(StreamBatch batch)
    {
        var before = _publisher!.Counts;
        Interlocked.Exchange(ref _retriesBefore, before.Retries);
        await _publisher.SendAsync(batch.Body, batch.Count, StreamEncoding.Identity, repeated: false, _stop.Token);
        var after = _publisher.Counts;
        Interlocked.Exchange(ref _retriesBefore, after.Retries);
        Interlocked.Exchange(ref _lastActivity, _clock.Now.UtcTicks);
        _lastError = after.Refused > before.Refused ? after.Problem : "";
        if (_lastError.Length > 0)
            Interlocked.Increment(ref _refusedRequests);
        else
            Interlocked.Add(ref _bytes, batch.Body.Length);
    }

    StreamDelivery Own()
    {
        var counts = _publisher?.Counts ?? PublisherCounts.None;
        var failed = counts.Retries + Interlocked.Read(ref _refusedRequests);
        var activity = Interlocked.Read(ref _lastActivity);
        return new StreamDelivery(
            counts.Records,
            Interlocked.Read(ref _bytes),
            counts.Requests + failed,
            failed,
            LastError: counts.Retries > Interlocked.Read(ref _retriesBefore) ? "the endpoint cannot be reached or is busy" : _lastError,
            LastActivity: activity == 0 ? null : new DateTimeOffset(activity, TimeSpan.Zero));
    }
}
