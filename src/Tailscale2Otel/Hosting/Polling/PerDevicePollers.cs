using Tailscale2Otel.Hosting.Pipeline;
using Tailscale2Otel.Ingest.Poll;
using Tailscale2Otel.Ingest.Poll.PerDevice;
using Tailscale2Otel.Model.Devices;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Hosting.Polling;

/// <summary>What one tailnet's API is asked about each device, by the configuration.</summary>
static class PerDevicePollers
{
    public static IEnumerable<IPoller> Of(IServiceProvider services, TailscaleClient client, DeviceFeed feed)
    {
        var options = services.Get<PerDeviceOptions>();
        if (options.CollectPosture)
            yield return Posture(services, client, feed, options);
        if (options.CollectDeviceInvites)
            yield return Invites(services, client, feed, options);
    }

    static PerDevicePoller<PostureFacts> Posture(IServiceProvider services, TailscaleClient client, DeviceFeed feed, PerDeviceOptions options)
    {
        var series = services.Get<SubrequestMetrics>().Add("posture_attributes", client.Tailnet.Label);
        var selection = new PostureSelection(options.AttributeNamespaces, series.LeftOut);
        var question = Question(client, ApiOperation.PostureAttributes, options, client.GetPostureAttributesAsync, selection.Of);
        return new PerDevicePoller<PostureFacts>(question, feed.Latest, feed.Take, series, services.Get<TimeProvider>());
    }

    static PerDevicePoller<IReadOnlyList<InviteFacts>> Invites(IServiceProvider services, TailscaleClient client, DeviceFeed feed, PerDeviceOptions options)
    {
        var series = services.Get<SubrequestMetrics>().Add("device_invites", client.Tailnet.Label);
        var selection = new InviteSelection(series.LeftOut);
        var question = Question(client, ApiOperation.DeviceInvites, options, client.ListDeviceInvitesAsync, selection.Of) with
        {
            // Only its own tailnet can share a device.
            Concerns = static device => !device.IsExternal,
        };
        return new PerDevicePoller<IReadOnlyList<InviteFacts>>(question, feed.Latest, feed.Take, series, services.Get<TimeProvider>());
    }

    static PerDeviceQuestion<TKept> Question<TAnswer, TKept>(
        TailscaleClient client,
        ApiOperation operation,
        PerDeviceOptions options,
        Func<string, CancellationToken, Task<ApiResult<TAnswer>>> ask,
        Func<TAnswer, TKept> keep) => new(
            operation.Name,
            client.Tailnet.Label,
            options.PerDeviceInterval,
            async (id, cancellation) =>
            {
                var result = await ask(id, cancellation);
                return result.IsSuccess ? new ApiResult<TKept>(keep(result.Value!), null) : result.Failure;
            },
            failure => client.States.Failed(operation, failure));
}
