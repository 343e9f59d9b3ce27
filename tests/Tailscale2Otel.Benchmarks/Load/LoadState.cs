namespace Tailscale2Otel.Benchmarks.Load;

/// <summary>The counters of a run at one moment.</summary>
sealed record LoadState(long NextRequest, long Acknowledged, long Arrived, long LogRecords, long Connections, long BytesReceived, double User, double System, double Sink)
{
    public static LoadState Of(LoadHouse house)
    {
        var ledger = house.Ledger;
        var (user, system) = house.Daemon.Processor;
        var sink = house.Sink.Processor;
        return new LoadState(
            ledger[LoadCount.NextRequest],
            ledger[LoadCount.Acknowledged],
            ledger[LoadCount.Arrived],
            ledger[LoadCount.LogRecords],
            ledger[LoadCount.Connections],
            ledger[LoadCount.BytesReceived],
            user,
            system,
            sink.User + sink.System);
    }
}
