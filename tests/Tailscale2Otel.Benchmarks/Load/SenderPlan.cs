using System.Text.Json;

namespace Tailscale2Otel.Benchmarks.Load;

/// <summary>What a sender process is to do: its argument, as JSON.</summary>
/// <param name="First">Number of its first request.</param>
/// <param name="Requests">Most requests that it sends.</param>
/// <param name="Seconds">After which no more are begun.</param>
/// <param name="Rate">Flow records/s; null is as many as get answered.</param>
sealed record SenderPlan(string Ledger, int Port, int Connections, long First, int Requests, double Seconds, double? Rate, bool Gzip, int Nodes, int Pairs, bool Named)
{
    public static SenderPlan Parse(string text) => JsonSerializer.Deserialize<SenderPlan>(text)!;

    public override string ToString() => JsonSerializer.Serialize(this);
}
