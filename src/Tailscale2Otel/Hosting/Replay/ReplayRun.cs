using Tailscale2Otel.Cli;
using Tailscale2Otel.Export;
using Tailscale2Otel.Export.Otlp;
using Tailscale2Otel.Hosting.Redelivery;
using Tailscale2Otel.Model;
using Tailscale2Otel.Spool.Inspection;

namespace Tailscale2Otel.Hosting.Replay;

/// <summary>One replay: reads, sends, and says what became of it.</summary>
sealed class ReplayRun(ReplayArguments arguments, SpoolSnapshot snapshot, TextWriter output, TextWriter error, TimeProvider time)
{
    /// <summary>Refusals told one by one; the others are counted.</summary>
    const int MostToldRefusals = 20;

    readonly ReplayRange _range = ReplayRange.Of(snapshot, arguments);
    readonly ReplayCounts _counts = new();
    readonly ProgressLine _progress = ProgressLine.OnStandardError(error, arguments.Quiet, ProgressStyle.Lines, time);

    /// <summary>Connects to nothing.</summary>
    public int DryRun(CancellationToken stop)
    {
        var target = RedeliveryTarget.InWords(RedeliveryTarget.Options(arguments.Config.Get<OtlpOptions>(), arguments.Otlp));
        var plan = new ReplayPlan();
        bool isWhole;
        using (var reader = Open())
        {
            while (reader.TryRead(stop, out var record))
                plan.Add(record);
            isWhole = reader.IsAtEnd;
        }

        if (!isWhole)
        {
            error.WriteLine("stopped before all of it was read");
            return ExitCode.Failed;
        }

        plan.Write(output);
        output.WriteLine($"{SizeText.Exact(_counts.Matched)} of {SizeText.Exact(_counts.Read)} records from position {_range.From} to {_range.To} would be sent to {target}, each event once");
        ReplaySummary.WriteLosses(_range, snapshot, output);
        return HasLosses ? ExitCode.Failed : ExitCode.Ok;
    }

    public async Task<int> SendAsync(CancellationToken stop)
    {
        // A batch is what leaves at once: no more than a second's worth.
        if (arguments.Rate is { } rate)
            arguments.Config.Get<DeliveryOptions>().MaxBatchRecords = Math.Min(arguments.Config.Get<DeliveryOptions>().MaxBatchRecords, rate);

        await using var host = await RedeliveryHost.OpenAsync(arguments.Config, arguments.Otlp, output, Settle);
        bool isWhole;
        using (var reader = Open())
        {
            await SendAsync(reader, host.Redeliverer, stop);
            isWhole = await host.Redeliverer.CompleteAsync(stop) && reader.IsAtEnd;
        }

        ReplaySummary.Write(_counts, _range, snapshot, host.Target, host.Target == OtlpTarget.StandardOutput ? error : output);
        if (isWhole)
            return _counts.IsAllSent && !HasLosses ? ExitCode.Ok : ExitCode.Failed;

        await error.WriteLineAsync(WhereToGoOn(host.Redeliverer.SettledTo ?? _range.From));
        return ExitCode.Failed;
    }

    bool HasLosses => _range.DamagedPlaces(snapshot.Damage) > 0 || snapshot.Damage.SweptBytes > 0;

    ReplayReader Open() => new(snapshot, _range, new ReplayFilter(arguments), _counts, _progress);

    async Task SendAsync(ReplayReader reader, Redeliverer redeliverer, CancellationToken stop)
    {
        var pace = new ReplayPace(arguments.Rate, time);
        try
        {
            while (TryAdd(reader, redeliverer, stop, out var adding))
            {
                await adding;
                await pace.TakeAsync(stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    static bool TryAdd(ReplayReader reader, Redeliverer redeliverer, CancellationToken stop, out ValueTask adding)
    {
        var isThere = reader.TryRead(stop, out var record);
        adding = isThere ? redeliverer.AddAsync(record, stop) : default;
        return isThere;
    }

    void Settle(RedeliveredRecord record)
    {
        _counts.Settle(record);
        if (record.Outcome != RedeliveryOutcome.Refused || _counts[RedeliveryOutcome.Refused] > MostToldRefusals)
            return;

        _progress.End();
        error.WriteLine($"refused: the record at position {record.Position}: {(record.Status == 0 ? "" : $"{record.Status} ")}{TerminalText.Escape(record.Message)}");
    }

    /// <summary>Positions, since a clock that was set back makes times ambiguous, and times as they were, since an age would move.</summary>
    string WhereToGoOn(SpoolPosition settled)
    {
        var from = arguments.From.Where(b => b.Time is not null).Prepend(ReplayBound.At(settled)).Select(b => $" --from {b}");
        var to = arguments.To.Where(b => b.Time is not null).Prepend(ReplayBound.At(_range.To)).Select(b => $" --to {b}");
        return $"stopped at position {settled}; to go on, run the same again with{string.Concat(from)}{string.Concat(to)}";
    }
}
