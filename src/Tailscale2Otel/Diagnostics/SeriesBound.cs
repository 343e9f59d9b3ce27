using System.Diagnostics.Metrics;

namespace Tailscale2Otel.Diagnostics;

/// <summary>
/// How many series an instrument has at most, said by who made it to who exports it: the SDK reserves and touches about 90 bytes for
/// every series that it might see. It is among the tags of the instrument itself, which nobody exports.
/// </summary>
static class SeriesBound
{
    const string Key = "tailscale2otel.series";

    public static KeyValuePair<string, object?>[] Of(int series) => [new(Key, series)];

    /// <summary>Null for an instrument that says nothing.</summary>
    public static int? Of(Instrument instrument)
    {
        foreach (var tag in instrument.Tags ?? [])
        {
            if (tag is { Key: Key, Value: int series })
                return series;
        }

        return null;
    }
}
