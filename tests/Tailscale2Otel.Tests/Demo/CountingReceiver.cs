using System.IO.Compression;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Tailscale2Otel.Compression;
using Tailscale2Otel.Demo;

namespace Tailscale2Otel.Tests.Demo;

/// <summary>Stands in for the daemon: takes HEC objects and webhooks, recognises repeated ones, keeps what requests looked like.</summary>
sealed class CountingReceiver : IAsyncDisposable
{
    readonly WebApplication _app;
    readonly Lock _gate = new();
    readonly HashSet<string> _events = new(StringComparer.Ordinal);
    readonly List<(string Encoding, string[] Events)> _requests = [];
    readonly List<(string Header, byte[] Body)> _deliveries = [];
    long _in;

    public CountingReceiver()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapPost("/services/collector/event", TakeAsync);
        _app.MapPost("/tailscale/webhook", TakeWebhookAsync);
    }

    public Uri Url => new(_app.Urls.Single() + "/services/collector/event");

    public Uri WebhookUrl => new(_app.Urls.Single() + "/tailscale/webhook");

    /// <summary>What this many of the records become that were not seen before is kept back, as by a backend that is gone.</summary>
    public int Withheld { get; set; }

    /// <summary>Called after each request.</summary>
    public Action Taken { get; set; } = () => { };

    public IReadOnlyList<(string Encoding, string[] Events)> Requests
    {
        get
        {
            lock (_gate)
                return [.. _requests];
        }
    }

    /// <summary>Webhooks with their signatures.</summary>
    public IReadOnlyList<(string Header, byte[] Body)> Deliveries
    {
        get
        {
            lock (_gate)
                return [.. _deliveries];
        }
    }

    public DemoCounts Counts
    {
        get
        {
            lock (_gate)
                return new DemoCounts(_in, Math.Max(0, _events.Count - Withheld), _in - _events.Count, DeadLetters: 0, LogRecords: _events.Count);
        }
    }

    public Task StartAsync() => _app.StartAsync();

    public Task StopAsync(CancellationToken cancellation) => _app.StopAsync(cancellation);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    async Task TakeAsync(HttpContext context)
    {
        var encoding = context.Request.Headers.ContentEncoding.ToString();
        using var body = new MemoryStream();
        await using var decompressed = encoding switch
        {
            "gzip" => new GZipStream(context.Request.Body, CompressionMode.Decompress),
            "zstd" => (Stream)new ZstdStream(context.Request.Body, CompressionMode.Decompress),
            _ => context.Request.Body,
        };
        await decompressed.CopyToAsync(body, context.RequestAborted);
        var events = Events(body.ToArray());
        lock (_gate)
        {
            _in += events.Length;
            _events.UnionWith(events);
            _requests.Add((encoding, events));
        }

        Taken();
    }

    async Task TakeWebhookAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        using var events = JsonDocument.Parse(body.ToArray());
        lock (_gate)
        {
            _in += events.RootElement.GetArrayLength();
            _events.UnionWith(events.RootElement.EnumerateArray().Select(e => e.GetRawText()));
            _deliveries.Add((context.Request.Headers["Tailscale-Webhook-Signature"].ToString(), body.ToArray()));
        }

        Taken();
    }

    static string[] Events(byte[] body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { AllowMultipleValues = true });
        var events = new List<string>();
        while (reader.Read())
            events.Add(JsonElement.ParseValue(ref reader).GetProperty("event").GetRawText());
        return [.. events];
    }
}
