using System.Globalization;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tests.Support;

/// <summary>A log record as a test reads it: attribute values are string, long, double or bool, those of JSON its text.</summary>
sealed record CollectedRecord(LogHeader Header)
{
    public string? Body { get; set; }

    public SortedDictionary<string, object> Attributes { get; } = new(StringComparer.Ordinal);

    public object? this[string key] => Attributes.GetValueOrDefault(key);

    public string Uid => (string)Attributes["log.record.uid"];

    /// <summary>All of it but the place in the spool and, if asked, the path it came by; equal text is an equal record.</summary>
    public string Describe(bool withSource = true) =>
        string.Create(CultureInfo.InvariantCulture, $"{Header.EventName} {Header.Severity} {Header.Time} {Header.ObservedTime} {Body}\n") +
        string.Concat(Attributes.Where(a => withSource || a.Key != "tailscale2otel.source")
            .Select(a => string.Create(CultureInfo.InvariantCulture, $"  {a.Key}: {a.Value.GetType().Name} {a.Value}\n")));
}
