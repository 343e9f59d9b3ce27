using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Tailscale2Otel.Tests.Hosting;

/// <summary>Tailscale's side of the stream: flow records in order, and an operator's look at the admin listener.</summary>
sealed class DaemonClient(Uri address) : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Patience };
    int _next;

    /// <summary>Records that were answered with success.</summary>
    public int Acknowledged { get; private set; }

    /// <summary>Posts the next records; when they are not taken, the same ones are next again.</summary>
    public async Task<HttpResponseMessage> PostAsync(int records)
    {
        var body = new StringBuilder();
        for (var i = _next; i < _next + records; i++)
        {
            body.Append(CultureInfo.InvariantCulture, $$$"""{"time":1785153605.5,"event":{"nodeId":"nCNTRL","start":"2026-07-27T12:00:00.{{{i:D8}}}7Z","end":"2026-07-27T12:00:05Z",""")
                .Append("""
                    "virtualTraffic":[{"proto":6,"src":"100.64.0.1:50000","dst":"100.64.0.2:443","txPkts":1,"txBytes":100,"rxPkts":1,"rxBytes":50}]}}
                    """);
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, "/services/collector/event")) { Content = new StringContent(body.ToString()) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Splunk", DaemonVariables.Token);
        var response = await _client.SendAsync(request);
        if (response.IsSuccessStatusCode)
            (_next, Acknowledged) = (_next + records, Acknowledged + records);
        return response;
    }

    /// <summary>Posts until an answer has the status; that answer.</summary>
    public async Task<HttpResponseMessage> PostUntilAsync(HttpStatusCode status, int records)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var response = await PostAsync(records);
            if (response.StatusCode == status)
                return response;
            response.Dispose();
            patience.Token.ThrowIfCancellationRequested();
        }
    }

    public async Task<(HttpStatusCode Status, string Text)> ReadyAsync(Uri admin)
    {
        using var response = await _client.GetAsync(new Uri(admin, "/readyz"));
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public void Dispose() => _client.Dispose();
}
