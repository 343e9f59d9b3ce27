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
    /// <summary>Bytes that the metrics count for one record, both directions.</summary>
    public const int RecordTraffic = 150;

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    readonly HttpClient _client = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(2) }) { Timeout = TimeSpan.FromSeconds(10) };
    readonly Lock _gate = new();
    TaskCompletionSource<Uri> _target = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int _next;

    public int BatchRecords { get; init; } = 20;

    public SentRecords Sent { get; } = new();

    public IReadOnlyCollection<int> Acknowledged => Sent.Acknowledged;

    /// <summary>Null lets the senders wait for the next one.</summary>
    public Uri? Target
    {
        set
        {
            lock (_gate)
            {
                if (_target.Task.IsCompleted)
                    _target = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
                if (value is not null)
                    _target.SetResult(value);
            }
        }
    }

    /// <summary>Posts until stopped; a batch under way is then given up, acknowledged or not.</summary>
    public Task RunAsync(int senders, CancellationToken stop) => Task.WhenAll(Enumerable.Range(0, senders).Select(_ => Task.Run(() => SendAsync(stop), CancellationToken.None)));

    /// <summary>Posts that many batches and ends when all of them are acknowledged.</summary>
    public async Task PostAsync(int batches, CancellationToken stop = default)
    {
        for (var i = 0; i < batches; i++)
            await SendBatchAsync(stop);
    }

    /// <summary>Leaves so many numbers to somebody else.</summary>
    public void Skip(int records) => Interlocked.Add(ref _next, records);

    public static int SequenceOf(string windowStart) => int.Parse(windowStart.AsSpan("2026-07-27T12:00:00.".Length, 8));

    /// <summary>The record as Tailscale's stream wraps it.</summary>
    public static string Envelope(int sequence) =>
        $$$"""{"time":1785153605.5,"event":{"nodeId":"nE2E{{{sequence % 40:D2}}}CNTRL","start":"2026-07-27T12:00:00.{{{sequence:D8}}}7Z","end":"2026-07-27T12:00:05Z","virtualTraffic":[{"proto":6,"src":"100.64.0.1:{{{1024 + (sequence % 60000)}}}","dst":"100.64.0.2:443","txPkts":1,"txBytes":100,"rxPkts":1,"rxBytes":50}]},"fields":{"recorded":"2026-07-27T12:00:05.5Z"}}""";

    public void Dispose() => _client.Dispose();

    async Task SendAsync(CancellationToken stop)
    {
        try
        {
            while (true)
                await SendBatchAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    async Task SendBatchAsync(CancellationToken stop)
    {
        var batch = Enumerable.Range(Interlocked.Add(ref _next, BatchRecords) - BatchRecords, BatchRecords).ToArray();
        var body = Encoding.UTF8.GetBytes(string.Concat(batch.Select(Envelope)));
        Sent.Post(batch);
        while (!await TryPostAsync(body, stop))
            await Task.Delay(Pause, stop);
        Sent.Acknowledge(batch);
    }

    async Task<bool> TryPostAsync(byte[] body, CancellationToken stop)
    {
        Task<Uri> target;
        lock (_gate)
            target = _target.Task;
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, await target.WaitAsync(Pause, stop)) { Content = new ByteArrayContent(body) };
            request.Headers.Authorization = new AuthenticationHeaderValue("Splunk", DaemonProcess.Token);
            using var response = await _client.SendAsync(request, stop);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TimeoutException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return false;
        }
    }
}
