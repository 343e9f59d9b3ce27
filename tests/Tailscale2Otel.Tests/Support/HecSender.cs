using System.Net;
using System.Net.Http.Headers;

namespace Tailscale2Otel.Tests.Support;

/// <summary>Posts to a receiver that comes and goes, until it is acknowledged.</summary>
sealed class HecSender : IDisposable
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    readonly HttpClient _client = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(2) }) { Timeout = TimeSpan.FromSeconds(10) };
    readonly Lock _gate = new();
    TaskCompletionSource<Uri> _target = NewTarget();
    int _refused;

    /// <summary>Null lets the senders wait for the next one.</summary>
    public Uri? Target
    {
        set
        {
            lock (_gate)
            {
                if (_target.Task.IsCompleted)
                    _target = NewTarget();
                if (value is not null)
                    _target.SetResult(value);
            }
        }
    }

    /// <summary>Answers of 503 so far.</summary>
    public int Refused => Volatile.Read(ref _refused);

    public HecUnavailable? LastRefusal { get; private set; }

    /// <summary>Ends when the body was acknowledged.</summary>
    public async Task PostAsync(byte[] body, string? encoding, CancellationToken stop)
    {
        while (!await TryPostAsync(body, encoding, stop))
            await Task.Delay(Pause, stop);
    }

    public void Dispose() => _client.Dispose();

    static TaskCompletionSource<Uri> NewTarget() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    async Task<bool> TryPostAsync(byte[] body, string? encoding, CancellationToken stop)
    {
        Task<Uri> target;
        lock (_gate)
            target = _target.Task;
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, await target.WaitAsync(Pause, stop)) { Content = new ByteArrayContent(body) };
            request.Headers.Authorization = new AuthenticationHeaderValue("Splunk", DaemonProcess.Token);
            if (encoding is not null)
                request.Content.Headers.ContentEncoding.Add(encoding);
            using var response = await _client.SendAsync(request, stop);
            if (response.StatusCode == HttpStatusCode.ServiceUnavailable)
            {
                LastRefusal = new HecUnavailable(response.Headers.RetryAfter?.Delta, await response.Content.ReadAsStringAsync(stop));
                Interlocked.Increment(ref _refused);
            }

            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TimeoutException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return false;
        }
    }
}
