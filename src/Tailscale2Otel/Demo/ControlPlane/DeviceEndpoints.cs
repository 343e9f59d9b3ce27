namespace Tailscale2Otel.Demo.ControlPlane;

/// <summary>The device list, and what there is of one device.</summary>
sealed class DeviceEndpoints(ControlPlaneDevices devices, ControlPlaneClock clock)
{
    /// <summary><c>GET …/devices</c>, with <c>fields=all</c> or the default fields.</summary>
    public Task ListAsync(HttpContext context)
    {
        var fields = context.Request.Query["fields"].ToString();
        if (fields is not ("" or "all" or "default"))
            return ApiAnswers.RefuseAsync(context, StatusCodes.Status400BadRequest, "fields is all or default");
        return ApiAnswers.JsonAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("devices");
            foreach (var device in devices.All)
                DeviceWriter.Write(json, device, fields == "all", clock.Now);
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    /// <summary><c>GET /api/v2/device/{id}/attributes</c>.</summary>
    public Task AttributesAsync(HttpContext context, string id) => devices.TryFind(id, out var device)
        ? ApiAnswers.JsonAsync(context, json => DeviceWriter.WriteAttributes(json, device, clock.Now))
        : UnknownAsync(context);

    /// <summary><c>GET /api/v2/device/{id}/device-invites</c>.</summary>
    public Task InvitesAsync(HttpContext context, string id) => devices.TryFind(id, out var device)
        ? ApiAnswers.JsonAsync(context, json => DeviceWriter.WriteInvites(json, device, clock.Now))
        : UnknownAsync(context);

    static Task UnknownAsync(HttpContext context) => ApiAnswers.RefuseAsync(context, StatusCodes.Status404NotFound, "no such device");
}
