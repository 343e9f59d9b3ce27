using System.Diagnostics.Metrics;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Ingest.Poll.PerDevice;

/// <summary>What the instruments say of one question about the devices of one tailnet.</summary>
sealed class SubrequestSeries(KeyValuePair<string, object?>[] tags, Counter<long> attempts, Counter<long> failures, Counter<long> leftOut)
{
    double _coverage = double.NaN;

    public KeyValuePair<string, object?>[] Tags => tags;

    /// <summary>Null before the first pass has ended.</summary>
    public double? Coverage => Volatile.Read(ref _coverage) is var coverage && double.IsNaN(coverage) ? null : coverage;

    public void Asked() => attempts.Add(1, tags);

    public void Failed(ApiState state) => failures.Add(1, [.. tags, new("tailscale.api.state", ApiStates.NameOf(state))]);

    public void LeftOut(int entries) => leftOut.Add(entries, tags);

    /// <param name="asked">Devices that the pass was about, also those it did not get to.</param>
    public void Ended(int read, int asked) => Volatile.Write(ref _coverage, asked == 0 ? 1 : (double)read / asked);
}
