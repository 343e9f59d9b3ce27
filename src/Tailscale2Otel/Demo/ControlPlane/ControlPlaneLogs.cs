using System.Buffers;
using System.Text;
using System.Text.Json;
using Tailscale2Otel.Demo.Simulation;
using Tailscale2Otel.Model;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Demo.ControlPlane;

/// <summary>Both logs of the tailnet. Thread-safe.</summary>
/// <param name="streams">Told of every simulated record, to post it where the log is streamed to.</param>
sealed class ControlPlaneLogs(ControlPlaneSettings settings, LogStreams streams, ControlPlaneClock clock)
{
    readonly RecordLog _network = new(settings.NetworkRetention, settings.MaxLogBytes, clock);
    readonly RecordLog _configuration = new(settings.ConfigurationRetention, settings.MaxLogBytes, clock);
    long _served;

    /// <summary>Records in all answers so far, also in answers that broke off.</summary>
    public long Served => Interlocked.Read(ref _served);

    public RecordLog this[LogType type] => type == LogType.Network ? _network : _configuration;

    /// <summary>Adds a record of the simulated tailnet; it is streamed too, when the log is.</summary>
    /// <param name="visibleAt">Answers before do not have it; null is at once. The stream does not wait.</param>
    public void Add(SimulatedRecord record, DateTimeOffset? visibleAt = null)
    {
        var json = new ArrayBufferWriter<byte>(1024);
        record.WriteApi(json);
        this[record.Type].Add(new LoggedRecord(record.Recorded, VisibleAt(visibleAt), json.WrittenSpan.ToArray()));
        streams.Add(record);
    }

    /// <summary>Adds a record as it is, found by its own <c>logged</c> or <c>eventTime</c>. No stream carries it.</summary>
    /// <exception cref="FormatException">The record has no such time.</exception>
    public void Add(LogType type, ReadOnlyMemory<byte> json, DateTimeOffset? visibleAt = null)
    {
        using var record = JsonDocument.Parse(json);
        var member = type == LogType.Network ? "logged" : "eventTime";
        if (!record.RootElement.TryGetProperty(member, out var time) || !GoTime.TryParse(time.GetString() ?? "", out var nanoseconds))
            throw new FormatException($"the record has no time in {member}");
        this[type].Add(new LoggedRecord(nanoseconds, VisibleAt(visibleAt), json));
    }

    /// <summary>Adds every record of an answer of the API, byte for byte.</summary>
    /// <exception cref="FormatException">A record has no time.</exception>
    public void AddAnswer(LogType type, ReadOnlyMemory<byte> answer)
    {
        using var document = JsonDocument.Parse(answer);
        foreach (var record in document.RootElement.GetProperty("logs").EnumerateArray())
            Add(type, Encoding.UTF8.GetBytes(record.GetRawText()));
    }

    public void CountServed() => Interlocked.Increment(ref _served);

    static long VisibleAt(DateTimeOffset? time) => time is { } at ? UnixTime.Nanoseconds(at) : 0;
}
