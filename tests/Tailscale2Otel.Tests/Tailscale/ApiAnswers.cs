using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Tailscale2Otel.Tests.Tailscale;

/// <summary>Answers, good and bad.</summary>
static class ApiAnswers
{
    public static RequestDelegate Json(string json) => Bytes(Encoding.UTF8.GetBytes(json));

    public static RequestDelegate Bytes(byte[] body) => async context =>
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body);
    };

    public static RequestDelegate Status(int status, string body = "", params (string Name, string Value)[] headers) => async context =>
    {
        context.Response.StatusCode = status;
        foreach (var (name, value) in headers)
            context.Response.Headers[name] = value;
        await context.Response.WriteAsync(body);
    };

    public static RequestDelegate Redirect(int status, string location) => Status(status, "", ("Location", location));

    public static RequestDelegate Gzip(byte[] body) => async context =>
    {
        context.Response.Headers.ContentEncoding = "gzip";
        await using var gzip = new GZipStream(context.Response.Body, CompressionLevel.Fastest);
        await gzip.WriteAsync(body);
    };

    /// <summary>Nothing, until the other side gives up.</summary>
    public static RequestDelegate Hang() => context => Forever(context);

    /// <summary>A part, and then nothing.</summary>
    public static RequestDelegate HangAfter(string part, TaskCompletionSource? sent = null) => async context =>
    {
        await context.Response.WriteAsync(part);
        await context.Response.Body.FlushAsync();
        sent?.TrySetResult();
        await Forever(context);
    };

    /// <summary>A part of what the head promises, and then the end of the connection.</summary>
    public static RequestDelegate CutAfter(byte[] body, int length) => async context =>
    {
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body.AsMemory(0, length));
        await context.Response.Body.FlushAsync();
        context.Abort();
    };

    /// <summary>The end of the connection instead of an answer.</summary>
    public static RequestDelegate Drop() => context =>
    {
        context.Abort();
        return Task.CompletedTask;
    };

    static async Task Forever(HttpContext context)
    {
        var gone = new TaskCompletionSource();
        await using var registration = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }
}
