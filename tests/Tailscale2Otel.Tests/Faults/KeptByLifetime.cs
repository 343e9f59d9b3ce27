using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Faults;

/// <summary>What the backend kept of one process: the requests themselves, for tests that are small enough.</summary>
sealed class KeptByLifetime
{
    readonly List<OtlpRequest> _requests = [];

    public KeptByLifetime(FaultHarness harness) => harness.Kept = _requests.Add;

    /// <summary>Once nothing comes any more.</summary>
    public IEnumerable<OtlpRequest> Requests(int lifetime) => _requests.Where(r => r.Lifetime == lifetime);

    public IEnumerable<int> Sequences(int lifetime) => Requests(lifetime).SelectMany(FaultHarness.SequencesOf);

    /// <summary>What the process said of damage, by the one attribute that tells what it was.</summary>
    public Dictionary<string, int> Damage(int lifetime, string metric = "tailscale2otel.spool.damaged", string attribute = "reason") =>
        Requests(lifetime).SelectMany(r => r.MetricList).LastOrDefault(m => m.Name == metric)?.NumberPoints()
            .Where(p => p.Number() > 0)
            .ToDictionary(p => OtlpValues.ToText(p.Attributes)[attribute], p => (int)p.Number()) ?? [];
}
