using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace Tailscale2Otel.Tests.Support;

/// <summary>
/// Senders that deliver signed events one after the other, each until it is answered with success, as Tailscale does over hours:
/// with the first time in the signature. The message of an event is its number.
/// </summary>
sealed class WebhookLoad(Uri url, int deliveries) : IDisposable
{
    readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(30) };
    readonly ConcurrentDictionary<int, byte> _acknowledged = [];
    int _next;
    int _retries;

    public int Acknowledged => _acknowledged.Count;

    /// <summary>Deliveries that were sent more than once, since there was no answer, or none of success.</summary>
    public int Retries => _retries;

    public Task RunAsync(int senders, CancellationToken cancellation) =>
        Task.WhenAll(Enumerable.Range(0, senders).Select(_ => Task.Run(() => SendAsync(cancellation), cancellation)));

    /// <summary>Ends when so many are acknowledged.</summary>
    public async Task UntilAsync(int acknowledged, TimeSpan patience)
    {
        using var late = new CancellationTokenSource(patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (Acknowledged < acknowledged && await timer.WaitForNextTickAsync(late.Token))
        {
        }
    }

    public void Dispose() => _client.Dispose();

    async Task SendAsync(CancellationToken cancellation)
    {
        for (int number; (number = Interlocked.Increment(ref _next)) <= deliveries;)
        {
            var at = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
            var body = Encoding.ASCII.GetBytes(string.Create(
                CultureInfo.InvariantCulture, $$$"""[{"timestamp":"{{{at:yyyy-MM-ddTHH:mm:ssZ}}}","version":1,"type":"nodeCreated","tailnet":"t","message":"{{{number}}}","data":{"nodeID":"n{{{number}}}"}}]"""));
            while (!await TrySendAsync(at.ToUnixTimeSeconds(), body, cancellation))
                Interlocked.Increment(ref _retries);
            _acknowledged.TryAdd(number, 0);
        }
    }

    async Task<bool> TrySendAsync(long signedAt, byte[] body, CancellationToken cancellation)
    {
        try
        {
            using var message = SignedDelivery.Message(url, signedAt, body);
            using var response = await _client.SendAsync(message, cancellation);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            // The daemon is down; it will be back.
            await Task.Delay(TimeSpan.FromMilliseconds(20), cancellation);
            return false;
        }
    }
}
