using System.Globalization;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Logs.V1;
using OpenTelemetry.Proto.Metrics.V1;

namespace Tailscale2Otel.Tests.Support;

/// <summary>Decoded OTLP values in a form that assertions read well with.</summary>
static class OtlpValues
{
    /// <summary>A string, bool, long, double, list of these, or list of key and value; null for no value.</summary>
    public static object? Plain(AnyValue? value) => value?.ValueCase switch
    {
        AnyValue.ValueOneofCase.StringValue => value.StringValue,
        AnyValue.ValueOneofCase.BoolValue => value.BoolValue,
        AnyValue.ValueOneofCase.IntValue => value.IntValue,
        AnyValue.ValueOneofCase.DoubleValue => value.DoubleValue,
        AnyValue.ValueOneofCase.BytesValue => value.BytesValue.ToByteArray(),
        AnyValue.ValueOneofCase.ArrayValue => value.ArrayValue.Values.Select(Plain).ToList(),
        AnyValue.ValueOneofCase.KvlistValue => value.KvlistValue.Values.Select(p => KeyValuePair.Create(p.Key, Plain(p.Value))).ToList(),
        _ => null,
    };

    public static IReadOnlyDictionary<string, object?> Attributes(this LogRecord record) =>
        record.Attributes.ToDictionary(a => a.Key, a => Plain(a.Value));

    public static IReadOnlyDictionary<string, string> ToText(IEnumerable<KeyValue> attributes) =>
        attributes.ToDictionary(a => a.Key, a => Convert.ToString(Plain(a.Value), CultureInfo.InvariantCulture) ?? "");

    public static IReadOnlyList<NumberDataPoint> NumberPoints(this Metric metric) => metric.DataCase switch
    {
        Metric.DataOneofCase.Gauge => metric.Gauge.DataPoints,
        Metric.DataOneofCase.Sum => metric.Sum.DataPoints,
        _ => [],
    };

    public static double Number(this NumberDataPoint point) =>
        point.ValueCase == NumberDataPoint.ValueOneofCase.AsInt ? point.AsInt : point.AsDouble;

    public static int PointCount(this Metric metric) => metric.DataCase switch
    {
        Metric.DataOneofCase.Gauge => metric.Gauge.DataPoints.Count,
        Metric.DataOneofCase.Sum => metric.Sum.DataPoints.Count,
        Metric.DataOneofCase.Histogram => metric.Histogram.DataPoints.Count,
        Metric.DataOneofCase.ExponentialHistogram => metric.ExponentialHistogram.DataPoints.Count,
        _ => 0,
    };
}
