using System.Collections.Concurrent;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Ingest.LogStream;

/// <summary>The destinations that this daemon set or found set, so that a change by somebody else is seen. Without tokens.</summary>
sealed class AppointedSinks
{
    readonly ConcurrentDictionary<(string Tailnet, LogType Type), LogStreamSink> _sinks = [];

    public void Set(string tailnet, LogType type, LogStreamSink sink) => _sinks[(tailnet, type)] = sink with { Token = null };

    /// <summary>Ask before the API is: a destination that is set meanwhile is no change by somebody else.</summary>
    public LogStreamSink? Find(string tailnet, LogType type) => _sinks.GetValueOrDefault((tailnet, type));

    /// <summary>What of a destination must not differ.</summary>
    public static bool AreSame(LogStreamSink one, LogStreamSink other) =>
        one.DestinationType == other.DestinationType && one.User == other.User && StreamUrl.AreSame(one.Url, other.Url);
}
