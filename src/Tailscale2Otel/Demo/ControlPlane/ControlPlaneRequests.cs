namespace Tailscale2Otel.Demo.ControlPlane;

/// <summary>The latest requests, in order of arrival. Thread-safe.</summary>
sealed class ControlPlaneRequests
{
    /// <summary>Older ones are only counted.</summary>
    public const int Kept = 10_000;

    readonly Lock _gate = new();
    readonly Queue<ControlPlaneRequest> _requests = [];
    long _total;

    public IReadOnlyList<ControlPlaneRequest> All
    {
        get
        {
            lock (_gate)
                return [.. _requests];
        }
    }

    /// <summary>Those that are not kept any more included.</summary>
    public long Total => Interlocked.Read(ref _total);

    public IReadOnlyList<ControlPlaneRequest> Of(ApiEndpoint endpoint) => [.. All.Where(request => request.Endpoint == endpoint)];

    public int Count(ApiEndpoint endpoint) => Of(endpoint).Count;

    /// <summary>Notes a request when it comes and its status when the answer's head goes.</summary>
    public ControlPlaneRequest Begin(HttpContext context, ApiEndpoint endpoint, DateTimeOffset now)
    {
        var headers = context.Request.Headers;
        var request = new ControlPlaneRequest(
            endpoint, context.Request.Method, context.Request.Path.ToString(), context.Request.QueryString.ToString(), headers.Authorization.Count > 0, headers.UserAgent.ToString(), now);
        lock (_gate)
        {
            _requests.Enqueue(request);
            if (_requests.Count > Kept)
                _requests.Dequeue();
        }

        Interlocked.Increment(ref _total);
        context.Response.OnStarting(() =>
        {
            request.Status = request.IsLost ? 0 : context.Response.StatusCode;
            return Task.CompletedTask;
        });
        return request;
    }
}
