using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Tailscale2Otel.Diagnostics;

/// <summary>
/// The daemon's one meter, for what is measured of one tailnet: every point has the attribute <c>tailscale.tailnet</c>, when the
/// tailnet has a name. Instruments of several tailnets have the same names and descriptions, and the SDK reports them as one.
/// </summary>
/// <param name="label">What the attribute says; empty for the only one when it has no name, or may not tell it.</param>
sealed class TailnetMeter(Meter meter, string label)
{
    public const string Attribute = "tailscale.tailnet";

    readonly KeyValuePair<string, object?>[] _constant = label.Length == 0 ? [] : [new(Attribute, label)];

    public string Label { get; } = label;

    /// <summary>What every point carries: one attribute, or none.</summary>
    public IReadOnlyList<KeyValuePair<string, object?>> Constant => _constant;

    /// <summary>For instruments whose points have the constant attribute already.</summary>
    public Meter Untagged => meter;

    public static implicit operator TailnetMeter(Meter meter) => new(meter, "");

    /// <summary>A point's own attributes and the constant one, for instruments that record.</summary>
    public TagList Tags(params ReadOnlySpan<KeyValuePair<string, object?>> own)
    {
        var tags = new TagList(own);
        foreach (var tag in _constant)
            tags.Add(tag);
        return tags;
    }

    /// <summary>Its points need <see cref="Tags"/>.</summary>
    public Counter<long> CreateCounter(string name, string unit, string description) => meter.CreateCounter<long>(name, unit, description);

    /// <summary>Its points need <see cref="Tags"/>.</summary>
    public Histogram<double> CreateHistogram(string name, string unit, string description, InstrumentAdvice<double> advice) =>
        meter.CreateHistogram(name, unit, description, null, advice);

    public void CreateObservableCounter(string name, Func<IEnumerable<Measurement<long>>> observe, string unit, string description) =>
        meter.CreateObservableCounter(name, () => Tagged(observe), unit, description);

    public void CreateObservableGauge<T>(string name, Func<IEnumerable<Measurement<T>>> observe, string unit, string description)
        where T : struct =>
        meter.CreateObservableGauge(name, () => Tagged(observe), unit, description);

    IEnumerable<Measurement<T>> Tagged<T>(Func<IEnumerable<Measurement<T>>> observe)
        where T : struct =>
        _constant.Length == 0 ? observe() : observe().Select(m => new Measurement<T>(m.Value, [.. m.Tags, .. _constant]));
}
