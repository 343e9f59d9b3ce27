using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Tailscale2Otel.Tests.Tailscale;

/// <summary>An API on a real socket. For each path there is a queue of answers, of which the last one stays; it remembers what came.</summary>
sealed class ApiServer : IAsyncDisposable
{
    public const string Devices = "/api/v2/tailnet/-/devices";
    public const string NetworkLogs = "/api/v2/tailnet/-/logging/network";
    public const string Token = "/api/v2/oauth/token";
    public const string Exchange = "/api/v2/oauth/token-exchange";

    readonly ConcurrentDictionary<string, ConcurrentQueue<RequestDelegate>> _answers = new();
    readonly ConcurrentQueue<ApiServerRequest> _requests = [];
    readonly CancellationTokenSource _stop = new();
    readonly WebApplication _app;
    int _tokens;

    ApiServer()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, 0, l => l.Protocols = HttpProtocols.Http1);
        });
        _app = builder.Build();
        _app.Run(HandleAsync);
        Answer(Token, c => ApiAnswers.Json($$"""{"access_token":"tskey-api-token-{{Interlocked.Increment(ref _tokens)}}","token_type":"Bearer","expires_in":3600}""")(c));
        Answer(Exchange, c => ApiAnswers.Json($$"""{"access_token":"tskey-api-token-{{Interlocked.Increment(ref _tokens)}}","token_type":"Bearer","expires_in":3600}""")(c));
    }

    public Uri Url { get; private set; } = null!;

    public IReadOnlyList<ApiServerRequest> Requests => [.. _requests];

    public static async Task<ApiServer> StartAsync()
    {
        var server = new ApiServer();
        await server._app.StartAsync();
        server.Url = new Uri(server._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return server;
    }

    /// <summary>Instead of what was there for the path.</summary>
    public void Answer(string path, params RequestDelegate[] answers) => _answers[path] = new ConcurrentQueue<RequestDelegate>(answers);

    public IReadOnlyList<ApiServerRequest> To(string path) => [.. _requests.Where(r => r.Path == path)];

    /// <summary>May be called again.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
            return;
        await _stop.CancelAsync();
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    async Task HandleAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        _requests.Enqueue(new ApiServerRequest(
            context.Request.Method, context.Request.Path, context.Request.QueryString.ToString(), context.Request.Headers.Authorization.ToString(), context.Request.Headers.UserAgent.ToString(), body));
        using var abort = _stop.Token.Register(context.Abort);
        if (!_answers.TryGetValue(context.Request.Path, out var queue))
            await ApiAnswers.Status(404, "{\"message\":\"not found\"}")(context);
        else if (queue.Count > 1 && queue.TryDequeue(out var next))
            await next(context);
        else if (queue.TryPeek(out var last))
            await last(context);
    }
}
