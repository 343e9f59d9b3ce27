using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Proto.Logs.V1;
using Tailscale2Otel.Demo.ControlPlane;
using Tailscale2Otel.Hosting;
using Tailscale2Otel.Ingest;
using Tailscale2Otel.Model;
using Tailscale2Otel.Spool;
using Tailscale2Otel.Tests.Hosting;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.EndToEnd;

/// <summary>A simulated tailnet, a backend, and the daemon between them inside the test process, which can end and start again on its spool.</summary>
/// <param name="time">The clock of the tailnet and of the daemon.</param>
sealed class TailnetHouse(SimulatedControlPlane tailnet, OtlpReceiver backend, TimeProvider time) : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    static readonly ListenAddress AnyPort = new(IPAddress.Loopback, 0);

    readonly TemporaryFolder _folder = new();
    readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Patience };
    Daemon? _daemon;

    public SimulatedControlPlane Tailnet => tailnet;

    public OtlpReceiver Backend => backend;

    public IServiceProvider Services => _daemon!.Services;

    public static async Task<TailnetHouse> BeginAsync(ControlPlaneSettings? settings = null, TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        return new TailnetHouse(await SimulatedControlPlane.StartAsync(settings ?? new ControlPlaneSettings(), time), await OtlpReceiver.StartAsync(), time);
    }

    /// <summary>What a daemon needs to ask the tailnet with its OAuth client.</summary>
    public static (string Key, string Value)[] Credential(SimulatedControlPlane tailnet) =>
    [
        ("TAILSCALE__API_URL", tailnet.Url.ToString().TrimEnd('/')),
        ("TAILSCALE__AUTH__OAUTH__CLIENT_ID", tailnet.Credentials.ClientId),
        ("TAILSCALE__AUTH__OAUTH__CLIENT_SECRET", tailnet.Credentials.ClientSecret.Reveal()),
        ("TAILSCALE__AUTH__OAUTH__SCOPES", "all"),
    ];

    /// <summary>Both logs every second, of the last hour and without lag; nothing else is asked for unless it is set.</summary>
    public async Task StartAsync(params (string Key, string Value)[] settings) => _daemon = await Daemon.StartAsync(
        DaemonVariables.Load(
            _folder.Path,
            [
                .. Credential(tailnet),
                ("COLLECTORS__FLOWLOGS__INTERVAL", "1s"),
                ("COLLECTORS__FLOWLOGS__LAG", "0s"),
                ("COLLECTORS__FLOWLOGS__INITIAL_LOOKBACK", "1h"),
                ("COLLECTORS__AUDITLOGS__INTERVAL", "1s"),
                ("COLLECTORS__AUDITLOGS__LAG", "0s"),
                ("COLLECTORS__AUDITLOGS__INITIAL_LOOKBACK", "1h"),
                ("COLLECTORS__DEVICES__ENABLED", "false"),
                ("COLLECTORS__LOG_STREAM__ENABLED", "false"),
                ("OTLP__ENDPOINT", backend.HttpEndpoint.ToString()),
                ("SPOOL__MIN_FREE_BYTES", "0"),
                .. settings,
            ]),
        null,
        time,
        default);

    public async Task StopAsync()
    {
        await _daemon!.StopAsync();
        await _daemon.DisposeAsync();
        _daemon = null;
    }

    /// <summary>As Tailscale posts to the log stream's receiver; ends when it is acknowledged.</summary>
    public async Task StreamAsync(ReadOnlyMemory<byte> body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_daemon!.Address(AnyPort), "/services/collector/event")) { Content = new ReadOnlyMemoryContent(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Splunk", DaemonVariables.Token);
        using var response = await _http.SendAsync(request);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), await response.Content.ReadAsStringAsync());
    }

    /// <summary>Records as an export has them. Nothing reads a bucket yet: this is what its reader is going to do with each line.</summary>
    public async Task ExportAsync(RecordSignal signal, IEnumerable<byte[]> lines)
    {
        using var batch = new SpoolAppend();
        foreach (var line in lines)
            batch.Add(RecordSource.ObjectStore, signal, "", UnixTime.Nanoseconds(time.GetUtcNow()), [], line);
        var result = await Services.GetRequiredService<Intake>().AppendAsync(RecordSource.ObjectStore, batch, batch.Bytes);
        Assert.That(result.Outcome, Is.EqualTo(IntakeOutcome.Kept));
    }

    /// <summary>Ends when it was asked for so much more often, whatever it answered.</summary>
    public Task WaitForRequestsAsync(ApiEndpoint endpoint, int more)
    {
        var target = tailnet.Requests.Count(endpoint) + more;
        return WaitAsync(() => tailnet.Requests.Count(endpoint) >= target, () => $"{tailnet.Requests.Count(endpoint)} of {target} requests for {endpoint}");
    }

    /// <summary>For what the backend does not hear of.</summary>
    public static async Task WaitAsync(Func<bool> done, Func<string> progress)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!done())
        {
            if (patience.IsCancellationRequested)
                throw new TimeoutException(progress());
            await Task.Yield();
        }
    }

    /// <summary>The sum over the series of a counter as the last export had it.</summary>
    public double Counted(string metric) => backend.Metrics.LastOrDefault(m => m.Name == metric)?.NumberPoints().Sum(p => p.Number()) ?? 0;

    public static string Uid(LogRecord record) => (string)record.Attributes()["log.record.uid"]!;

    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null)
            await StopAsync();
        await tailnet.DisposeAsync();
        await backend.DisposeAsync();
        _http.Dispose();
        _folder.Dispose();
    }
}
