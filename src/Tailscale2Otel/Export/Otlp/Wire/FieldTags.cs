namespace Tailscale2Otel.Export.Otlp.Wire;

/// <summary>
/// First bytes (number and wire type) of the fields that are written and read, by message
/// (opentelemetry-proto v1.5: common/v1, logs/v1, collector/logs/v1; google/rpc/status.proto).
/// </summary>
static class FieldTags
{
    public const byte RequestResourceLogs = 0x0A;
    public const byte ResourceLogsResource = 0x0A;
    public const byte ResourceLogsScopeLogs = 0x12;
    public const byte ResourceAttribute = 0x0A;
    public const byte ScopeLogsScope = 0x0A;
    public const byte ScopeLogsRecord = 0x12;
    public const byte ScopeName = 0x0A;
    public const byte ScopeVersion = 0x12;

    public const byte RecordTime = 0x09;
    public const byte RecordSeverityNumber = 0x10;
    public const byte RecordSeverityText = 0x1A;
    public const byte RecordBody = 0x2A;
    public const byte RecordAttribute = 0x32;
    public const byte RecordObservedTime = 0x59;
    public const byte RecordEventName = 0x62;

    public const byte PairKey = 0x0A;
    public const byte PairValue = 0x12;

    public const byte ValueString = 0x0A;
    public const byte ValueBool = 0x10;
    public const byte ValueInt = 0x18;
    public const byte ValueDouble = 0x21;
    public const byte ValueArray = 0x2A;
    public const byte ValueList = 0x32;
    public const byte ListItem = 0x0A;
}
