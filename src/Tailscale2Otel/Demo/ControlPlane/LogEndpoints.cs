using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Tailscale2Otel.Demo.Simulation;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Demo.ControlPlane;

/// <summary><c>GET …/logging/network</c> and <c>…/logging/configuration</c>, sent while it is made: an answer has no size limit.</summary>
sealed class LogEndpoints(ControlPlaneSettings settings, ControlPlaneLogs logs)
{
    const int FlushBytes = 64 * 1024;

    public async Task ReadAsync(HttpContext context, LogType type)
    {
        if (WindowOf(context.Request.Query, out var problem) is not { } window)
        {
            await ApiAnswers.RefuseAsync(context, StatusCodes.Status400BadRequest, problem);
            return;
        }

        context.Response.ContentType = "application/json";
        var body = context.Response.BodyWriter;
        Write(body, Head(type));
        var isFirst = true;
        var unflushed = 0;
        foreach (var record in logs[type].Select(window))
        {
            if (!isFirst)
                Write(body, ","u8);
            isFirst = false;
            Write(body, record.Span);
            logs.CountServed();
            unflushed += record.Length;
            if (unflushed < FlushBytes)
                continue;
            unflushed = 0;
            if (await FlushAsync(body, context))
                return;
        }

        Write(body, "]}"u8);
        await FlushAsync(body, context);
    }

    ReadOnlySpan<byte> Head(LogType type) => type == LogType.Network
        ? "{\"logs\":["u8
        : Encoding.UTF8.GetBytes($"{{\"version\":\"1.1\",\"tailnetId\":\"{JsonEncodedText.Encode(settings.Tailnet)}\",\"logs\":[");

    static LogWindow? WindowOf(IQueryCollection query, out string problem)
    {
        problem = "";
        if (!TimeOf(query, "start", ref problem, out var start) || !TimeOf(query, "end", ref problem, out var end))
            return null;
        if (start <= end)
            return new LogWindow(start, end);
        problem = "start is after end";
        return null;
    }

    static bool TimeOf(IQueryCollection query, string name, ref string problem, out long time)
    {
        time = 0;
        var text = query[name].ToString();
        if (text.Length == 0)
            problem = $"{name} is required";
        else if (!GoTime.TryParse(text, out time))
            problem = $"{name} is not a time of RFC 3339";
        return problem.Length == 0;
    }

    static void Write(PipeWriter body, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(body.GetSpan(bytes.Length));
        body.Advance(bytes.Length);
    }

    /// <summary>True when nobody reads any more.</summary>
    static async Task<bool> FlushAsync(PipeWriter body, HttpContext context)
    {
        var flushed = await body.FlushAsync(context.RequestAborted);
        return flushed.IsCompleted || context.RequestAborted.IsCancellationRequested;
    }
}
