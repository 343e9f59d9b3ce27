using Tailscale2Otel.Model.Devices;

namespace Tailscale2Otel.Enrichment;

/// <summary>
/// The devices of one tailnet as the last device list has them. Each list replaces the one before as a whole; who asks takes
/// <see cref="Current"/> once for what has to be answered from one list. Any thread, without a lock.
/// </summary>
/// <param name="label">What metrics and the health page call the tailnet; empty for the only one.</param>
sealed class DeviceIndex(string label, TimeProvider time)
{
    volatile Entry? _entry;

    public string Label { get; } = label;

    /// <summary>Empty until there is a list.</summary>
    public DeviceTable Current => _entry?.Table ?? DeviceTable.Empty;

    /// <summary>How long the current list has been here; null until there is one.</summary>
    public TimeSpan? Age => _entry is { } entry ? time.GetElapsedTime(entry.ReplacedAt) : null;

    public void Replace(DeviceSnapshot snapshot) => _entry = new Entry(new DeviceTable(snapshot.Devices), time.GetTimestamp());

    sealed record Entry(DeviceTable Table, long ReplacedAt);
}
