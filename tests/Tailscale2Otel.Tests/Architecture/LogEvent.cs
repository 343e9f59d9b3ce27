using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Logs.V1;

namespace Tailscale2Otel.Tests.Architecture;

/// <summary>What the log records of one event name were seen with.</summary>
sealed class LogEvent(string name)
{
    public string Name { get; } = name;

    public SortedSet<string> Severities { get; } = new(StringComparer.Ordinal);

    public SortedSet<string> Bodies { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, LogEventAttribute> Attributes { get; } = new(StringComparer.Ordinal);

    public void Add(LogRecord record, string mode)
    {
        Severities.Add(record.SeverityText);
        Bodies.Add(TypeOf(record.Body));
        foreach (var attribute in record.Attributes)
        {
            if (!Attributes.TryGetValue(attribute.Key, out var seen))
                Attributes.Add(attribute.Key, seen = new LogEventAttribute());
            seen.Types.Add(TypeOf(attribute.Value));
            seen.Modes.Add(mode);
        }
    }

    static string TypeOf(AnyValue value) => value.ValueCase switch
    {
        AnyValue.ValueOneofCase.StringValue => "string",
        AnyValue.ValueOneofCase.BoolValue => "boolean",
        AnyValue.ValueOneofCase.IntValue => "int",
        AnyValue.ValueOneofCase.DoubleValue => "double",
        AnyValue.ValueOneofCase.ArrayValue => "array",
        AnyValue.ValueOneofCase.KvlistValue => "map",
        _ => throw new AssertionException($"a value that is {value.ValueCase}"),
    };
}
