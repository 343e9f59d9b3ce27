using Tailscale2Otel.Cli;
using Tailscale2Otel.Model;
using Tailscale2Otel.Spool.Inspection;

namespace Tailscale2Otel.Hosting.Replay;

/// <summary>The stretch of the spool that is read. Times are looked for in all of it, since clocks are set back.</summary>
/// <param name="To">The first position that is not read.</param>
sealed record ReplayRange(SpoolPosition From, SpoolPosition To)
{
    /// <summary>What the delivered cursor has not passed is the daemon's to send, unless asked for.</summary>
    public static ReplayRange Of(SpoolSnapshot snapshot, ReplayArguments arguments)
    {
        var end = arguments.Undelivered ? snapshot.End : Math.Min(snapshot.End, snapshot.Cursors?.Delivered ?? 0);
        var from = Positions(arguments.From).Append(snapshot.Oldest).Max();
        var to = Positions(arguments.To).Append(end).Min();
        return new ReplayRange(new SpoolPosition(from), new SpoolPosition(Math.Max(from, to)));
    }

    /// <summary>Places of the range whose records could not be read.</summary>
    public long DamagedPlaces(DamageList damage) =>
        damage.Unlisted + damage.Ranges.Count(r => r.Bytes > 0 && r.From < To.Value && r.To > From.Value);

    static IEnumerable<long> Positions(IEnumerable<ReplayBound> bounds) => bounds.Where(b => b.Position is not null).Select(b => b.Position!.Value.Value);
}
