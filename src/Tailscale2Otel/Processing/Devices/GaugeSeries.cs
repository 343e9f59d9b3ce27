namespace Tailscale2Otel.Processing.Devices;

/// <summary>The series that one device list gives, by gauge. Built once for a list, read by the instruments until the next one.</summary>
sealed class GaugeSeries(GaugeAttributes attributes)
{
    readonly Dictionary<string, List<GaugePoint>> _points = new(StringComparer.Ordinal);

    public GaugeAttributes Attributes { get; } = attributes;

    public IReadOnlyList<GaugePoint> Of(string gauge) => _points.TryGetValue(gauge, out var points) ? points : [];

    /// <param name="attributes">Of <see cref="GaugeAttributes.Of"/>; without them the series is not reported.</param>
    public void Add(string gauge, double value, KeyValuePair<string, object?>[]? attributes)
    {
        if (attributes is null)
            return;
        if (!_points.TryGetValue(gauge, out var points))
            _points[gauge] = points = [];
        points.Add(new GaugePoint(value, attributes));
    }

    /// <summary>1 or 0; nothing for what the API did not say.</summary>
    public void Add(string gauge, bool? value, KeyValuePair<string, object?>[]? attributes)
    {
        if (value is { } known)
            Add(gauge, known ? 1 : 0, attributes);
    }

    public void Add(string gauge, DateTimeOffset? time, KeyValuePair<string, object?>[]? attributes)
    {
        if (time is { } known)
            Add(gauge, known.ToUnixTimeMilliseconds() / 1000.0, attributes);
    }

    /// <summary>A total without attributes of its own.</summary>
    public void Add(string gauge, double value) => Add(gauge, value, Attributes.Of(0));

    /// <summary>A series for each value of an attribute, the largest first; equals in the order of their values.</summary>
    public void AddAll(string gauge, string key, IEnumerable<KeyValuePair<string, int>> counts)
    {
        foreach (var (value, count) in counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal))
            Add(gauge, count, Attributes.Of(1, (key, value)));
    }
}
