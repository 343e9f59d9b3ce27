using Microsoft.Extensions.Logging;
using Tailscale2Otel.Demo.ControlPlane;
using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Ingest.LogStream;
using Tailscale2Otel.Model;
using Tailscale2Otel.Tailscale;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Ingest.LogStream;

/// <summary>Simulated tailnets, their clients, and everything that speaks of their log streams.</summary>
sealed class StreamHarness : IAsyncDisposable
{
    public const string Token = "00000000-0000-0000-0000-00000000c0de";
    public const string Url = "https://logs.example.com/services/collector/event";

    readonly TemporaryFolder _folder = new();
    readonly ILoggerFactory _logging;
    readonly List<TailscaleClient> _clients = [];

    public StreamHarness(TimeProvider? time = null)
    {
        Time = time ?? TimeProvider.System;
        _logging = LoggerFactory.Create(l => l.SetMinimumLevel(LogLevel.Debug).AddProvider(Log));
        Errors = new ComponentErrors(Meter.Meter);
        Metrics = new LogStreamMetrics(Readings.Meter);
    }

    public TimeProvider Time { get; }

    public CollectingMeter Meter { get; } = new();

    public MeterReadings Readings { get; } = new();

    public EveryLine Log { get; } = new();

    public Health Health { get; } = new();

    public AppointedSinks Appointed { get; } = new();

    public ComponentErrors Errors { get; }

    public LogStreamMetrics Metrics { get; }

    /// <summary>Everything that somebody could read.</summary>
    public string Output => string.Join('\n', [.. Log.Lines, .. Health.Advices.Concat(Health.States).Select(a => $"{a.Key}: {a.Value}"), .. Meter.Series, .. Directory.GetFiles(_folder.Path).Select(File.ReadAllText)]);

    public IEnumerable<string> Advices => Health.Advices.Select(a => $"{a.Key}: {a.Value}");

    public static Task<SimulatedControlPlane> StartAsync() => SimulatedControlPlane.StartAsync(new ControlPlaneSettings(), TimeProvider.System);

    /// <param name="meddle">Called after each answer to a <c>PUT</c>, before the client sees it.</param>
    public TailscaleClient Client(SimulatedControlPlane tailnet, string name = "", Func<Task>? meddle = null, ApiAuthOptions? auth = null, string authKey = "tailscale.auth")
    {
        auth ??= new ApiAuthOptions { Method = ApiAuthMethod.Apikey, Apikey = tailnet.Credentials.ApiKey };
        var http = new ApiHttpOptions { Timeout = TimeSpan.FromSeconds(30), Retry = new ApiRetryOptions { MaxAttempts = 1 } };
        var settings = new TailnetSettings(name, "-", tailnet.Url, auth, http, 4_194_304, 33_554_432) { AuthKey = authKey };
        var client = new TailscaleClient(settings, Meter.Meter, TimeProvider.System, _logging.CreateLogger<TailscaleClient>(), meddle is null ? null : new Meddler(meddle));
        _clients.Add(client);
        return client;
    }

    public StreamTarget Target(TailscaleClient client, string url = Url, bool overwrite = false, string token = Token, string compression = "gzip")
    {
        Assert.That(ListenAddress.TryParse(":8088", out var listen), Is.True);
        var wanted = new LogStreamSink("splunk", url, StreamTarget.User, new Secret(token), compression);
        return new StreamTarget(client, "streaming", wanted, new StreamReceiver(listen, "/services/collector/event", false), overwrite);
    }

    public StreamSetup Setup() => new(new SinkMarks(_folder.Path, _logging.CreateLogger<SinkMarks>()), Appointed, _logging.CreateLogger<StreamSetup>());

    public AutoConfigure AutoConfigure() => new(Setup(), Errors, Health, Time, _logging.CreateLogger<AutoConfigure>());

    public LogStreamPoller Poller(TailscaleClient client) => new(
        client, TimeSpan.FromMinutes(10), Metrics, Appointed, series => new LogStreamReport(series, [new Secret(Token)], Health, _logging.CreateLogger<LogStreamReport>()), Time);

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
            client.Dispose();
        await Task.CompletedTask;
        _logging.Dispose();
        Meter.Dispose();
        Readings.Dispose();
        _folder.Dispose();
    }

    sealed class Meddler(Func<Task> meddle) : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false })
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (request.Method == HttpMethod.Put)
                await meddle();
            return response;
        }
    }
}
