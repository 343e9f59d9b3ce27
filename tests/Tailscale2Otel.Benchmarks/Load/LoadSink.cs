using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Tailscale2Otel.Benchmarks.Load;

/// <summary>An OTLP/HTTP backend that takes everything and counts which records came, and how often, by their marker.</summary>
sealed class LoadSink : IAsyncDisposable
{
    const int MaxRecords = 100_000_000;

    static readonly byte[] Marker = Encoding.ASCII.GetBytes(LoadBody.Marker);

    readonly byte[] _seen = new byte[MaxRecords / 8];
    readonly WebApplication _app;

    LoadSink()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0").ConfigureKestrel(k => k.Limits.MaxRequestBodySize = null);
        _app = builder.Build();
        _app.Run(TakeAsync);
    }

    public Uri Address { get; private set; } = null!;

    /// <summary>Different records that came.</summary>
    public long Unique { get; private set; }

    /// <summary>Log records that came, however many of one record.</summary>
    public long LogRecords { get; private set; }

    /// <summary><see cref="TimeProvider.GetTimestamp"/> of the last record that was new.</summary>
    public long LastAt { get; private set; }

    public static async Task<LoadSink> StartAsync()
    {
        var sink = new LoadSink();
        await sink._app.StartAsync();
        sink.Address = new Uri(sink._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return sink;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    async Task TakeAsync(HttpContext context)
    {
        var length = (int)(context.Request.ContentLength ?? throw new InvalidOperationException("The daemon says how long its requests are."));
        var body = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            await context.Request.Body.ReadExactlyAsync(body.AsMemory(0, length), context.RequestAborted);
            Count(body.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(body);
        }

        context.Response.ContentType = "application/x-protobuf";
    }

    void Count(ReadOnlySpan<byte> body)
    {
        lock (_seen)
        {
            for (var at = body.IndexOf(Marker); at >= 0; at = body.IndexOf(Marker))
            {
                body = body[(at + Marker.Length)..];
                var number = int.Parse(body[..LoadBody.Digits], System.Globalization.CultureInfo.InvariantCulture);
                LogRecords++;
                if ((_seen[number / 8] & (1 << (number % 8))) != 0)
                    continue;

                _seen[number / 8] |= (byte)(1 << (number % 8));
                Unique++;
                LastAt = TimeProvider.System.GetTimestamp();
            }
        }
    }
}
