using Tailscale2Otel.Hosting.Redelivery;

namespace Tailscale2Otel.Hosting.Replay;

/// <summary>What became of the records of one replay.</summary>
sealed class ReplayCounts
{
    readonly long[] _outcomes = new long[Enum.GetValues<RedeliveryOutcome>().Length];

    /// <summary>Records of the spool.</summary>
    public long Read { get; set; }

    /// <summary>Those that were meant.</summary>
    public long Matched { get; set; }

    /// <summary>Log records that the backend accepted.</summary>
    public long LogRecords { get; private set; }

    public bool IsAllSent => this[RedeliveryOutcome.Refused] + this[RedeliveryOutcome.Uncertain] + this[RedeliveryOutcome.Undecodable] == 0;

    public long this[RedeliveryOutcome outcome] => _outcomes[(int)outcome];

    public void Settle(in RedeliveredRecord record)
    {
        _outcomes[(int)record.Outcome]++;
        if (record.Outcome == RedeliveryOutcome.Sent)
            LogRecords += record.LogRecords;
    }
}
