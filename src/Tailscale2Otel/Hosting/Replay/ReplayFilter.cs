using Tailscale2Otel.Cli;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Hosting.Replay;

/// <summary>Which records are meant.</summary>
sealed class ReplayFilter(ReplayArguments arguments)
{
    readonly long _from = Times(arguments.From).DefaultIfEmpty(long.MinValue).Max();
    readonly long _to = Times(arguments.To).DefaultIfEmpty(long.MaxValue).Min();
    readonly IReadOnlyList<RecordSource> _sources = arguments.Sources;
    readonly IReadOnlyList<RecordSignal> _signals = arguments.Signals;
    readonly IReadOnlyList<string> _tailnets = arguments.Tailnets;

    /// <summary>A poller's cursor is nobody's record.</summary>
    public bool Matches(in RawRecord record) =>
        record.Signal != RecordSignal.Cursor
        && record.ReceivedAt >= _from && record.ReceivedAt < _to
        && (_sources.Count == 0 || _sources.Contains(record.Source))
        && (_signals.Count == 0 || _signals.Contains(record.Signal))
        && (_tailnets.Count == 0 || _tailnets.Contains(record.Tailnet));

    static IEnumerable<long> Times(IEnumerable<ReplayBound> bounds) => bounds.Where(b => b.Time is not null).Select(b => UnixTime.Nanoseconds(b.Time!.Value));
}
