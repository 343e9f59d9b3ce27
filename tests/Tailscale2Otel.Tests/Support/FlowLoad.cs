using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;

namespace Tailscale2Otel.Tests.Support;

/// <summary>
/// An at-least-once sender: flow records with a sequence number in the fraction of their <c>start</c>, posted in batches, each
/// batch retried until it is acknowledged. The number comes back in <c>tailscale.flow.window.start</c>; a last digit that is
/// never zero keeps it whole there.
/// </summary>
sealed class FlowLoad : IDisposable
{
    const int BatchRecords = 20;

    readonly HttpClient _client = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(2) }) { Timeout = TimeSpan.FromSeconds(10) };
    readonly ConcurrentDictionary<int, byte> _acknowledged = [];
    int _next;

    public Uri? Target { get; set; }

    public IReadOnlyCollection<int> Acknowledged => [.. _acknowledged.Keys];

    /// <summary>Posts until stopped; a batch under way is then given up, acknowledged or not.</summary>
    public Task RunAsync(int senders, CancellationToken stop) => Task.WhenAll(Enumerable.Range(0, senders).Select(_ => Task.Run(() => SendAsync(stop), CancellationToken.None)));

    public static int SequenceOf(string windowStart) => int.Parse(windowStart.AsSpan("2026-07-27T12:00:00.".Length, 8));

    public void Dispose() => _client.Dispose();

    async Task SendAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var first = Interlocked.Add(ref _next, BatchRecords) - BatchRecords;
            var body = Body(first);
            while (!stop.IsCancellationRequested && !await TryPostAsync(body, stop))
                await Task.Yield();
            if (!stop.IsCancellationRequested)
                Note(first);
        }
    }

    void Note(int first)
    {
        for (var i = 0; i < BatchRecords; i++)
            _acknowledged[first + i] = 0;
    }

    async Task<bool> TryPostAsync(byte[] body, CancellationToken stop)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, Target) { Content = new ByteArrayContent(body) };
            request.Headers.Authorization = new AuthenticationHeaderValue("Splunk", DaemonProcess.Token);
            using var response = await _client.SendAsync(request, stop);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
        {
            return false;
        }
    }

    static byte[] Body(int first)
    {
        var text = new StringBuilder();
        for (var i = first; i < first + BatchRecords; i++)
        {
            text.Append($$$"""{"time":1785153605.5,"event":{"nodeId":"nE2E{{{i % 40:D2}}}CNTRL","start":"2026-07-27T12:00:00.{{{i:D8}}}7Z","end":"2026-07-27T12:00:05Z",""");
            text.Append($$$"""
                "virtualTraffic":[{"proto":6,"src":"100.64.0.1:{{{1024 + i % 60000}}}","dst":"100.64.0.2:443","txPkts":1,"txBytes":100,"rxPkts":1,"rxBytes":50}]},
                """);
            text.Append("""
                "fields":{"recorded":"2026-07-27T12:00:05.5Z"}}
                """);
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
