using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Demo.ControlPlane;

/// <summary>From a request to its endpoint: credential, tailnet, method, scope, in the order in which the API looks at them.</summary>
sealed class ControlPlaneApi(SimulatedControlPlane controlPlane, ControlPlaneSettings settings)
{
    readonly TokenEndpoints _tokens = new(controlPlane.Credentials, settings, controlPlane.Tokens);
    readonly LogEndpoints _logs = new(settings, controlPlane.Logs);
    readonly StreamEndpoints _streams = new(settings, controlPlane.Streams);
    readonly DeviceEndpoints _devices = new(controlPlane.Devices, controlPlane.Clock);

    public async Task AnswerAsync(HttpContext context, ApiRoute route)
    {
        if (route.Endpoint == ApiEndpoint.None)
        {
            await ApiAnswers.RefuseAsync(context, StatusCodes.Status404NotFound, "no such endpoint");
            return;
        }

        if (!route.Methods.Contains(context.Request.Method))
        {
            context.Response.Headers.Allow = string.Join(", ", route.Methods);
            await ApiAnswers.RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, "method not allowed");
            return;
        }

        if (route.Endpoint is ApiEndpoint.Token or ApiEndpoint.TokenExchange)
            await (route.Endpoint == ApiEndpoint.Token ? _tokens.TokenAsync(context) : _tokens.ExchangeAsync(context));
        else if (controlPlane.Tokens.Scopes(context.Request.Headers.Authorization.ToString()) is not { } scopes)
            await ApiAnswers.RefuseAsync(context, StatusCodes.Status401Unauthorized, "API token invalid");
        else if (route.Tailnet is { } tailnet && tailnet != "-" && tailnet != settings.Tailnet && tailnet != settings.TailnetId)
            await ApiAnswers.RefuseAsync(context, StatusCodes.Status404NotFound, "tailnet not found");
        else if (!scopes.Covers(ScopeOf(route, context.Request.Method)))
            await ApiAnswers.RefuseAsync(context, StatusCodes.Status403Forbidden, $"calling actor does not have enough permissions to perform this function; it needs the scope {ScopeOf(route, context.Request.Method)}");
        else
            await AnswerAsync(context, route, scopes);
    }

    Task AnswerAsync(HttpContext context, ApiRoute route, ScopeSet scopes) => route.Endpoint switch
    {
        ApiEndpoint.NetworkLogs when !controlPlane.Features.IsFlowLoggingOn =>
            ApiAnswers.RefuseAsync(context, StatusCodes.Status403Forbidden, "network flow logging is not enabled for this tailnet"),
        ApiEndpoint.NetworkLogs => _logs.ReadAsync(context, LogType.Network),
        ApiEndpoint.ConfigurationLogs => _logs.ReadAsync(context, LogType.Configuration),
        ApiEndpoint.Stream => _streams.HandleAsync(context, route.Type, scopes),
        ApiEndpoint.StreamStatus => _streams.StatusAsync(context, route.Type),
        ApiEndpoint.Settings => controlPlane.Features.HandleAsync(context, scopes),
        ApiEndpoint.Devices => _devices.ListAsync(context),
        ApiEndpoint.DeviceAttributes => _devices.AttributesAsync(context, route.Device),
        _ => _devices.InvitesAsync(context, route.Device),
    };

    static string ScopeOf(ApiRoute route, string method)
    {
        var reads = HttpMethods.IsGet(method);
        return route.Endpoint switch
        {
            ApiEndpoint.NetworkLogs => "logs:network:read",
            ApiEndpoint.ConfigurationLogs => "logs:configuration:read",
            ApiEndpoint.Stream or ApiEndpoint.StreamStatus => reads ? "log_streaming:read" : "log_streaming",
            ApiEndpoint.Settings => reads ? "feature_settings:read" : "feature_settings",
            ApiEndpoint.Devices => "devices:core:read",
            ApiEndpoint.DeviceAttributes => "devices:posture_attributes:read",
            _ => "device_invites:read",
        };
    }
}
