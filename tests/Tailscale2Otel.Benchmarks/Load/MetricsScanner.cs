using System.Buffers.Binary;

namespace Tailscale2Otel.Benchmarks.Load;

/// <summary>
/// Walks an ExportMetricsServiceRequest for what the load asks: the connections counted and the number of points. Fields are
/// those of opentelemetry/proto/metrics/v1/metrics.proto.
/// </summary>
static class MetricsScanner
{
    const int ResourceMetrics = 1;
    const int ScopeMetrics = 2;
    const int Metrics = 2;
    const int Name = 1;
    const int FirstData = 5;
    const int DataPoints = 1;
    const int AsInt = 6;

    /// <summary>Null when the metric that counts connections is not among them.</summary>
    public static (long? Connections, int Series) Read(ReadOnlySpan<byte> request)
    {
        var (connections, series) = ((long?)null, 0);
        while (TryNext(ref request, out var field, out var resource))
        {
            while (field == ResourceMetrics && TryNext(ref resource, out var scopeField, out var scope))
            {
                while (scopeField == ScopeMetrics && TryNext(ref scope, out var metricField, out var metric))
                {
                    if (metricField == Metrics)
                        ReadMetric(metric, ref connections, ref series);
                }
            }
        }

        return (connections, series);
    }

    static void ReadMetric(ReadOnlySpan<byte> metric, ref long? connections, ref int series)
    {
        var isConnections = false;
        while (TryNext(ref metric, out var field, out var value))
        {
            if (field == Name)
                isConnections = value.SequenceEqual("tailscale.network.flows"u8);
            while (field >= FirstData && TryNext(ref value, out var dataField, out var point))
            {
                if (dataField != DataPoints)
                    continue;
                series++;
                while (isConnections && TryNext(ref point, out var pointField, out var number))
                    connections = (connections ?? 0) + (pointField == AsInt ? BinaryPrimitives.ReadInt64LittleEndian(number) : 0);
            }
        }
    }

    /// <summary>Takes one field off; a number's value is its bytes.</summary>
    static bool TryNext(ref ReadOnlySpan<byte> rest, out int field, out ReadOnlySpan<byte> value)
    {
        field = 0;
        value = default;
        if (rest.IsEmpty)
            return false;

        var tag = Varint(ref rest);
        field = (int)(tag >> 3);
        var before = rest;
        var length = (tag & 7) switch
        {
            0 => before.Length - Skipped(rest).Length,
            1 => 8,
            2 => (int)Varint(ref rest),
            5 => 4,
            _ => throw new InvalidDataException("The metrics are not protobuf."),
        };
        value = rest[..length];
        rest = rest[length..];
        return true;
    }

    static ReadOnlySpan<byte> Skipped(ReadOnlySpan<byte> rest)
    {
        _ = Varint(ref rest);
        return rest;
    }

    static ulong Varint(ref ReadOnlySpan<byte> rest)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = rest[0];
            rest = rest[1..];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }
    }
}
