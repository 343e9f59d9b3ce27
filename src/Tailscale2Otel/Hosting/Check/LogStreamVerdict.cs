using Tailscale2Otel.Ingest.LogStream;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Hosting.Check;

/// <summary>What the configuration of a log stream and its delivery status mean. The address may name a device and is not shown.</summary>
static class LogStreamVerdict
{
    /// <param name="isOwn">This daemon set the destination, see <see cref="SinkMarks.HasSet"/>.</param>
    public static CheckFinding Of(LogStreamSink? sink, ApiUse use, bool isOwn = false)
    {
        if (sink is null)
            return CheckFinding.Ok("no destination is set", use.LogStream ? "start the daemon: it sets the destination (streaming.auto_configure)" : "set the destination in the admin console (Logs), or streaming.auto_configure");
        var type = StreamErrorText.Clean(sink.DestinationType, []);
        if (use.PublicUrl.Length == 0)
            return CheckFinding.Ok($"goes to a destination of type {type}", "set streaming.public_url, so that it can be told whether that is this receiver");
        if (StreamUrl.AreSame(sink.Url, use.PublicUrl))
            return CheckFinding.Ok($"goes to streaming.public_url ({type}); that is this receiver if nothing else answers there");

        var elsewhere = $"goes to another destination ({type}) than streaming.public_url";
        if (!use.LogStream)
            return CheckFinding.Ok(elsewhere, "set streaming.public_url as the destination in the admin console (Logs), if this receiver is meant");
        if (use.Overwrites)
            return CheckFinding.Ok(elsewhere, "the daemon replaces that destination when it starts (streaming.auto_configure_overwrite): make sure that nobody needs it");

        return isOwn
            ? CheckFinding.Ok(elsewhere, "the daemon set that destination before and replaces it when it starts (streaming.auto_configure)")
            : CheckFinding.Missing(elsewhere, "that destination is somebody else's and stays: set streaming.auto_configure_overwrite: true to replace it, or turn streaming.auto_configure off");
    }

    public static CheckFinding Of(LogStreamStatus status)
    {
        if (status.LastError.Length == 0)
            return CheckFinding.Ok(status.LastActivity is null ? "nothing was delivered yet" : "the last delivery went well");

        // Not a failure of the API, and what a check before the first start finds where the daemon was down.
        return CheckFinding.Ok($"the last delivery failed: {DeliveryError.InWords(status.LastError)}", "once the daemon runs, see in the admin console (Logs) whether the error stays");
    }
}
