using System.Globalization;
using Microsoft.AspNetCore.Connections.Features;

namespace Tailscale2Otel.Demo.ControlPlane;

/// <summary>Lets one request go wrong.</summary>
sealed class FaultyRequest(ControlPlaneFault fault, AccessTokens tokens, ControlPlaneClock clock)
{
    /// <summary>How much more than the body the head announces.</summary>
    const int Missing = 1000;

    /// <param name="answer">Gives the right answer.</param>
    public async Task RunAsync(HttpContext context, Func<HttpContext, Task> answer)
    {
        switch (fault.Kind)
        {
            case FaultKind.Answer:
                await AnswerAsync(context);
                break;
            case FaultKind.TokenRevoked:
                tokens.Revoke(context.Request.Headers.Authorization.ToString());
                await ApiAnswers.RefuseAsync(context, StatusCodes.Status401Unauthorized, "API token invalid");
                break;
            case FaultKind.Reset:
                Reset(context);
                break;
            case FaultKind.Silence:
                await Task.Delay(Timeout.InfiniteTimeSpan, clock.Time, context.RequestAborted);
                break;
            default:
                await SpoilBodyAsync(context, answer);
                break;
        }
    }

    async Task AnswerAsync(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = fault.Status;
        if (fault.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = fault.IsRetryAfterDate
                ? (clock.Now + wait).ToString("r", CultureInfo.InvariantCulture)
                : ((long)wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        if (fault.Location.Length > 0)
            response.Headers.Location = fault.Location;
        if (fault.Body.Length == 0)
            return;
        response.ContentType = fault.ContentType;
        await response.WriteAsync(fault.Body, context.RequestAborted);
    }

    async Task SpoilBodyAsync(HttpContext context, Func<HttpContext, Task> answer)
    {
        if (fault.Kind == FaultKind.BodyShort)
            context.Response.ContentLength = fault.Bytes + Missing;
        var right = context.Response.Body;
        await using var body = new FaultyBody(right, fault, context, clock.Time);
        context.Response.Body = body;
        try
        {
            await answer(context);
            await body.EndAsync();
        }
        finally
        {
            context.Response.Body = right;
        }
    }

    /// <summary>Closed with data or time left is closed with RST.</summary>
    static void Reset(HttpContext context)
    {
        if (context.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket)
        {
            socket.LingerState = new System.Net.Sockets.LingerOption(enable: true, seconds: 0);
            socket.Close();
        }

        context.Abort();
    }
}
