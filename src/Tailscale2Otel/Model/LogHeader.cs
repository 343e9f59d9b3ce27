namespace Tailscale2Otel.Model;

/// <summary>What every log record has. Times are Unix nanoseconds; 0 means unknown and is left out of the record.</summary>
readonly record struct LogHeader(
    SpoolPosition Position,
    Utf8Name EventName,
    LogSeverity Severity,
    long Time,
    long ObservedTime);
