using Tailscale2Otel.Compression;
using Tailscale2Otel.Ingest.Hec;
using Tailscale2Otel.Ingest.LogStream;
using Tailscale2Otel.Model;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Hosting.Polling;

/// <summary>Which tailnets are to be told to stream here, by the configuration.</summary>
static class StreamTargets
{
    public static IReadOnlyList<StreamTarget> Of(HecOptions options, ApiClients clients)
    {
        if (!options.Enabled)
            return [];

        List<StreamTarget> targets = [];
        if (options.AutoConfigure)
            targets.Add(Target(options, clients.First, "streaming", options.PublicUrl, options.Path, options.Token));
        for (var i = 0; i < options.Routes.Count; i++)
        {
            var route = options.Routes[i];
            if (route.AutoConfigure && clients.Find(route.Tailnet) is { } client)
                targets.Add(Target(options, client, $"streaming.routes[{i}]", route.PublicUrl, route.Path.Length > 0 ? route.Path : options.Path, route.Token));
        }

        return targets;
    }

    /// <summary>
    /// The API's default is no compression, and flow records compress to a tenth; a receiver that does not go by
    /// <c>Content-Encoding</c> gets what it takes everything for.
    /// </summary>
    public static string Compression(HecDecompression decompress, bool hasZstd) => decompress switch
    {
        HecDecompression.Auto => hasZstd ? "zstd" : "gzip",
        HecDecompression.Gzip => "gzip",
        HecDecompression.Zstd => "zstd",
        _ => "none",
    };

    static StreamTarget Target(HecOptions options, TailscaleClient client, string key, string url, string path, IReadOnlyList<Secret> tokens)
    {
        _ = ListenAddress.TryParse(options.Listen, out var listen);
        var wanted = new LogStreamSink(
            "splunk", url, StreamTarget.User, tokens.Count > 0 ? tokens[0] : null, Compression(options.Decompress, Libzstd.IsAvailable));
        return new StreamTarget(client, key, wanted, new StreamReceiver(listen, path, options.Tls.CertFile.Length > 0), options.AutoConfigureOverwrite);
    }
}
