using OpenTelemetry.Proto.Metrics.V1;
using Tailscale2Otel.Tests.Architecture;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Faults;

/// <summary>
/// One cumulative counter as a backend adds it up over the lifetimes of a process, against what was there to count. It may be
/// over by what an export carried that was kept and whose keeping the daemon could not note any more. For any thread.
/// </summary>
sealed class CounterAudit(string metric)
{
    readonly Lock _gate = new();
    readonly Dictionary<(int Lifetime, ulong Start, string Series), double> _last = [];
    readonly Dictionary<int, List<KeptExport>> _exports = [];
    readonly HashSet<int> _killed = [];
    readonly List<string> _violations = [];

    /// <summary>The sum over all series and processes.</summary>
    public double Total
    {
        get
        {
            lock (_gate)
                return _last.Values.Sum();
        }
    }

    public void Keep(OtlpRequest request)
    {
        var found = request.MetricList.Where(m => m.Name == metric).ToList();
        if (found.Count == 0)
            return;

        lock (_gate)
        {
            foreach (var points in found)
                Keep(request.Lifetime, points);
            if (!_exports.TryGetValue(request.Lifetime, out var exports))
                _exports[request.Lifetime] = exports = [];
            exports.Add(new KeptExport { Request = request.Number, Total = _last.Where(p => p.Key.Lifetime == request.Lifetime).Sum(p => p.Value) });
        }
    }

    public void LoseAnswer(OtlpRequest request)
    {
        lock (_gate)
        {
            if (_exports.GetValueOrDefault(request.Lifetime)?.Find(e => e.Request == request.Number) is { } export)
                export.IsAnswerLost = true;
        }
    }

    public void Kill(int lifetime)
    {
        lock (_gate)
            _killed.Add(lifetime);
    }

    /// <param name="expected">What all delivered records together are.</param>
    public void AssertHolds(double expected)
    {
        lock (_gate)
        {
            Violations.None(_violations);
            var allowed = _exports.Sum(e => Unnoted(e.Value, _killed.Contains(e.Key)));
            var surplus = _last.Values.Sum() - expected;
            TestContext.Out.WriteLine($"{metric}: {surplus} over {expected}, {allowed} allowed for what {_killed.Count} kills left unnoted");
            Assert.That(surplus, Is.Not.Negative, $"{metric} forgot something");
            Assert.That(surplus, Is.LessThanOrEqualTo(allowed), $"{metric} counted more again than the exports at the kills carried");
        }
    }

    void Keep(int lifetime, Metric points)
    {
        if (points.Sum is not { IsMonotonic: true, AggregationTemporality: AggregationTemporality.Cumulative })
            _violations.Add($"{metric} is not a cumulative counter in process {lifetime}");
        foreach (var point in points.NumberPoints())
        {
            var series = string.Join(",", OtlpValues.ToText(point.Attributes).OrderBy(a => a.Key, StringComparer.Ordinal));
            var key = (lifetime, point.StartTimeUnixNano, series);
            if (_last.TryGetValue(key, out var before) && before > point.Number())
                _violations.Add($"{metric} fell from {before} to {point.Number()} in process {lifetime}: {series}");
            _last[key] = point.Number();
        }
    }

    /// <summary>The next export starts only when the one before was noted: unnoted are the last one at a kill and, before it, those without an answer.</summary>
    static double Unnoted(List<KeptExport> exports, bool isKilled)
    {
        var noted = exports.Count - (isKilled ? 2 : 1);
        while (noted >= 0 && exports[noted].IsAnswerLost)
            noted--;
        return exports[^1].Total - (noted >= 0 ? exports[noted].Total : 0);
    }
}
