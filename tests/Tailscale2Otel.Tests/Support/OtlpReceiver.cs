using System.Net;
using System.Net.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Proto.Logs.V1;
using OpenTelemetry.Proto.Metrics.V1;

namespace Tailscale2Otel.Tests.Support;

/// <summary>
/// An OTLP backend on real sockets: HTTP/protobuf on one loopback port, gRPC over HTTP/2 on another. It decodes with protoc's
/// classes, keeps everything it got, and answers from a queue that the test fills (acceptance when that is empty).
/// </summary>
sealed partial class OtlpReceiver : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    readonly Lock _gate = new();
    readonly Queue<OtlpAnswer> _answers = [];
    readonly List<OtlpRequest> _requests = [];
    readonly List<LogRecord> _records = [];
    readonly List<Metric> _metrics = [];
    readonly OtlpReceiverSettings _settings;
    CancellationTokenSource _stop = new();
    WebApplication _app;
    TaskCompletionSource _changed = NewSignal();
    int _count;

    OtlpReceiver(OtlpReceiverSettings settings)
    {
        _settings = settings;
        _app = Build(settings.HttpPort, settings.GrpcPort);
    }

    WebApplication Build(int httpPort, int grpcPort)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Listen(IPAddress.Loopback, httpPort, l => Listen(l, HttpProtocols.Http1));
            kestrel.Listen(IPAddress.Loopback, grpcPort, l => Listen(l, HttpProtocols.Http2));
        });
        var app = builder.Build();
        app.Run(HandleAsync);
        return app;
    }

    /// <summary>Base address for OTLP/HTTP, without a path.</summary>
    public Uri HttpEndpoint { get; private set; } = null!;

    public Uri GrpcEndpoint { get; private set; } = null!;

    /// <summary>Asked when the queue of answers is empty; the answer in the request that it gets has no meaning.</summary>
    public Func<OtlpRequest, OtlpAnswer> Decide { get; set; } = _ => OtlpAnswer.Ok;

    /// <summary>Asked when a request begins: whether its connection ends in the middle of its body.</summary>
    public Func<bool> CutsOff { get; set; } = () => false;

    /// <summary>Told of each request whose content was kept, one at a time, in order, before it is answered.</summary>
    public Action<OtlpRequest> Kept { get; set; } = _ => { };

    /// <summary>Told afterwards of a kept request whose answer did not go out, by intent or because nobody waited for it any more.</summary>
    public Action<OtlpRequest> AnswerLost { get; set; } = _ => { };

    /// <summary>Every request, in order of arrival.</summary>
    public IReadOnlyList<OtlpRequest> Requests => Snapshot(_requests);

    /// <summary>Log records of the requests that were accepted, in order of acceptance.</summary>
    public IReadOnlyList<LogRecord> LogRecords => Snapshot(_records);

    /// <summary>Metrics of the requests that were accepted, in order of acceptance.</summary>
    public IReadOnlyList<Metric> Metrics => Snapshot(_metrics);

    public static async Task<OtlpReceiver> StartAsync(OtlpReceiverSettings? settings = null)
    {
        var receiver = new OtlpReceiver(settings ?? new OtlpReceiverSettings());
        await receiver._app.StartAsync();
        var addresses = receiver._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToList();
        receiver.HttpEndpoint = new Uri(addresses[0]);
        receiver.GrpcEndpoint = new Uri(addresses[1]);
        return receiver;
    }

    /// <summary>Adds to the queue of answers, one per request.</summary>
    public void Answer(params OtlpAnswer[] answers)
    {
        lock (_gate)
        {
            foreach (var answer in answers)
                _answers.Enqueue(answer);
        }
    }

    /// <summary>Forgets what came so far.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _requests.Clear();
            _records.Clear();
            _metrics.Clear();
        }
    }

    /// <summary>The accepted log records, once there are at least <paramref name="count"/>.</summary>
    public async Task<IReadOnlyList<LogRecord>> WaitForRecordsAsync(int count, TimeSpan? timeout = null)
    {
        await WaitAsync(() => _records.Count >= count, () => $"{_records.Count} of {count} log records", timeout);
        return LogRecords;
    }

    /// <summary>All requests, once there are at least <paramref name="count"/>, answered or not.</summary>
    public async Task<IReadOnlyList<OtlpRequest>> WaitForRequestsAsync(int count, TimeSpan? timeout = null)
    {
        await WaitAsync(() => _requests.Count >= count, () => $"{_requests.Count} of {count} requests", timeout);
        return Requests;
    }

    /// <summary>The newest accepted metric of that name that the predicate likes.</summary>
    public async Task<Metric> WaitForMetricAsync(string name, Func<Metric, bool>? predicate = null, TimeSpan? timeout = null)
    {
        bool Matches(Metric metric) => metric.Name == name && (predicate is null || predicate(metric));
        await WaitAsync(() => _metrics.Exists(Matches), () => $"no metric {name} among {_metrics.Count}", timeout);
        return Metrics.Last(Matches);
    }

    /// <summary>Waits until it is so; asked after everything that came, from one thread at a time.</summary>
    public Task WaitUntilAsync(Func<bool> done, Func<string> progress, TimeSpan? timeout = null) => WaitAsync(done, progress, timeout);

    /// <summary>
    /// Answers what is under way and then refuses connections, until <see cref="ListenAgainAsync"/>. What hangs ends without an answer.
    /// </summary>
    public async Task StopListeningAsync()
    {
        await _stop.CancelAsync();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    /// <summary>On the same ports.</summary>
    public async Task ListenAgainAsync()
    {
        _stop.Dispose();
        _stop = new CancellationTokenSource();
        _app = Build(HttpEndpoint.Port, GrpcEndpoint.Port);
        await _app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
        _stop.Dispose();
    }

    static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    void Listen(ListenOptions listen, HttpProtocols protocols)
    {
        listen.Protocols = protocols;
        if (_settings.Certificates is not { } certificates)
            return;

        listen.UseHttps(https =>
        {
            https.ServerCertificate = certificates.Server;
            https.ClientCertificateMode = _settings.RequireClientCertificate ? ClientCertificateMode.RequireCertificate : ClientCertificateMode.NoCertificate;
            https.ClientCertificateValidation = (certificate, _, errors) =>
                !errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable) && certificates.Issued(certificate);
        });
    }

    async Task WaitAsync(Func<bool> done, Func<string> progress, TimeSpan? timeout)
    {
        using var patience = new CancellationTokenSource(timeout ?? Patience);
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (done())
                    return;
                changed = _changed.Task;
            }

            try
            {
                await changed.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                lock (_gate)
                    throw new TimeoutException($"The OTLP receiver has {progress()}.");
            }
        }
    }

    void Change(Action action)
    {
        TaskCompletionSource signal;
        lock (_gate)
        {
            action();
            signal = _changed;
            _changed = NewSignal();
        }

        signal.SetResult();
    }

    IReadOnlyList<T> Snapshot<T>(List<T> list)
    {
        lock (_gate)
            return [.. list];
    }
}
