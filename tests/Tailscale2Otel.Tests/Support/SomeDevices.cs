using System.Globalization;
using Tailscale2Otel.Model.Devices;

namespace Tailscale2Otel.Tests.Support;

/// <summary>Devices and lists of them, with made-up identities.</summary>
static class SomeDevices
{
    public static readonly DateTimeOffset Now = new(2026, 7, 27, 12, 0, 0, TimeSpan.Zero);

    public static DeviceSnapshot List(params Device[] devices) => new("", Now, devices);

    /// <param name="nodeId">The name's first label is derived from it where no other is given.</param>
    public static Device Device(string nodeId, string? name = null, params string[] addresses) => new()
    {
        NodeId = nodeId,
        Id = $"id-{nodeId}",
        Name = name ?? $"{nodeId}.tail1234.ts.net",
        Hostname = $"host of {nodeId}",
        Addresses = addresses,
        User = "ada@example.com",
        Os = "linux",
        ClientVersion = "1.98.2-t1a2b3c4d5-g6e7f8a9b",
        Authorized = true,
    };

    /// <summary>Devices <c>n0</c>, <c>n1</c>, … with an address of either family each.</summary>
    public static DeviceSnapshot Many(int count, string suffix = "tail1234.ts.net") => List(
        [.. Enumerable.Range(0, count).Select(i => Device($"n{i}", $"node-{i}.{suffix}", Address(i), string.Create(CultureInfo.InvariantCulture, $"fd7a:115c:a1e0::{i >> 16:x}:{i & 0xffff:x}")))]);

    public static string Address(int number) =>
        string.Create(CultureInfo.InvariantCulture, $"100.{64 + (number >> 16)}.{(number >> 8) & 255}.{number & 255}");
}
