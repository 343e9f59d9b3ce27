using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Ingest.LogStream;

/// <summary>Names of logs and destinations in log lines, on the status page and in metrics.</summary>
static class StreamWords
{
    /// <summary>The value of <c>tailscale.logstream.type</c>, and of <c>{logType}</c> in the API's paths.</summary>
    public static string Name(LogType type) => type == LogType.Network ? "network" : "configuration";

    /// <summary>As the admin console calls them.</summary>
    public static string Title(LogType type, string tailnet) =>
        (type == LogType.Network ? "Network flow logs" : "Configuration logs") + (tailnet.Length == 0 ? "" : $" of {tailnet}");

    public static string Component(string part, LogType type, string tailnet) =>
        $"{part} {Name(type)}" + (tailnet.Length == 0 ? "" : $" of {tailnet}");

    /// <summary>
    /// Type and URL of a destination without what may be a secret: user and query, and the path of anything but Splunk, since some
    /// vendors put the token there.
    /// </summary>
    public static string Describe(LogStreamSink sink)
    {
        var type = StreamErrorText.Clean(sink.DestinationType, []);
        if (!Uri.TryCreate(sink.Url, UriKind.Absolute, out var url) || url.Host.Length == 0)
            return type;

        var path = sink.DestinationType == "splunk" || url.AbsolutePath == "/" ? url.AbsolutePath : "/…";
        return StreamErrorText.Cut($"{type} at {url.Scheme}://{url.Authority}{path}");
    }
}
