using System.ComponentModel.DataAnnotations;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Export;

/// <summary>How log records are grouped on their way to the backend.</summary>
[ConfigSection("delivery")]
sealed class DeliveryOptions : IConfigSection
{
    /// <summary>Log records in one request; one flow record of many connections may go over it.</summary>
    [Range(1, 100_000)]
    public int MaxBatchRecords { get; set; } = 8192;

    /// <summary>
    /// Bytes of one request before compression. Backends refuse requests over 4 MiB (gRPC's default) or more; larger ones than
    /// this were measured to cost memory and to gain nothing.
    /// </summary>
    [Range(16_384, 67_108_864)]
    public int MaxBatchBytes { get; set; } = 1_048_576;

    /// <summary>Longest time a record waits for others to share its request.</summary>
    [Within("00:00:00", "00:01:00")]
    public TimeSpan MaxBatchDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Requests under way at once; also the most batches that a crash can make the backend see twice.</summary>
    [Range(1, 64)]
    public int MaxInFlight { get; set; } = 4;
}
