namespace Tailscale2Otel.Tests.Faults;

/// <summary>What was destroyed, and what is to be seen of it.</summary>
sealed class Damage
{
    public HashSet<int> Lost { get; } = [];

    /// <summary>Parts of log lines.</summary>
    public List<string> Told { get; } = [];

    /// <summary>As in <c>tailscale2otel.spool.damaged</c>, how often.</summary>
    public Dictionary<string, int> Counted { get; } = [];

    public Damage Lose(params IEnumerable<FrameImage> frames)
    {
        Lost.UnionWith(frames.Select(f => f.Sequence));
        return this;
    }

    public Damage Tell(string reason, SegmentImage segment, long from, long to) =>
        Tell(reason, $"({reason}) in segment {segment.Name} from position {from} to {to};");

    public Damage Tell(string reason, string line)
    {
        Told.Add(line);
        Counted[reason] = Counted.GetValueOrDefault(reason) + 1;
        return this;
    }

    public void Add(Damage other)
    {
        Lost.UnionWith(other.Lost);
        Told.AddRange(other.Told);
        foreach (var (reason, times) in other.Counted)
            Counted[reason] = Counted.GetValueOrDefault(reason) + times;
    }
}
