using System.Text;
using Tailscale2Otel.Diagnostics;

namespace Tailscale2Otel.Admin;

/// <summary>The admin listener: read-only, and without anything that would need a credential.</summary>
static class AdminEndpoints
{
    /// <summary>
    /// <c>/healthz</c> answers 200 while the process lives; <c>/readyz</c> answers 200 while data would be taken, else 503 with
    /// one line per reason. A backend that is away does not make the daemon unready: its records are kept.
    /// </summary>
    public static void Map(IApplicationBuilder app, Health health) => app.Run(context => context.Request.Path.Value switch
    {
        "/healthz" => AnswerAsync(context, StatusCodes.Status200OK, "ok\n"),
        "/readyz" => ReadyAsync(context, health),
        _ => AnswerAsync(context, StatusCodes.Status404NotFound, "not found; there are /healthz and /readyz\n"),
    });

    static Task ReadyAsync(HttpContext context, Health health)
    {
        var blockers = health.Blockers;
        var text = new StringBuilder(blockers.Count == 0 ? "ready\n" : "not ready\n");
        foreach (var (component, problem) in blockers)
            text.Append(component).Append(": ").Append(problem).Append('\n');
        foreach (var (component, advice) in health.Advices)
            text.Append("note: ").Append(component).Append(": ").Append(advice).Append('\n');
        foreach (var (component, state) in health.States)
            text.Append("state: ").Append(component).Append(": ").Append(state).Append('\n');

        return AnswerAsync(context, blockers.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, text.ToString());
    }

    static Task AnswerAsync(HttpContext context, int status, string text)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.Headers.Allow = "GET, HEAD";
            (status, text) = (StatusCodes.Status405MethodNotAllowed, "method not allowed\n");
        }

        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.WriteAsync(text, context.RequestAborted);
    }
}
