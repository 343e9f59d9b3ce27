using Tailscale2Otel.Model;

namespace Tailscale2Otel.Ingest.Hec;

/// <summary>What one sender waits for.</summary>
sealed class AckChannel
{
    public Dictionary<long, SpoolPosition> Pending { get; } = [];

    /// <summary>Requests under way that hold a place but no number yet.</summary>
    public int Reserved { get; set; }

    public long NextId { get; set; }

    public long LastUsed { get; set; }
}
