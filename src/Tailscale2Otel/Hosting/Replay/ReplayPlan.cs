using System.Globalization;
using System.Runtime.InteropServices;
using Tailscale2Otel.Cli;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing;

namespace Tailscale2Otel.Hosting.Replay;

/// <summary>What a replay would send, by the day it was received, source and signal.</summary>
sealed class ReplayPlan
{
    readonly Dictionary<(long Day, RecordSource Source, RecordSignal Signal), (long Records, long Bytes)> _counts = [];

    public void Add(in RawRecord record)
    {
        var day = record.ReceivedAt / (TimeSpan.TicksPerDay * TimeSpan.NanosecondsPerTick);
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_counts, (day, record.Source, record.Signal), out _);
        count = (count.Records + 1, count.Bytes + record.Payload.Length);
    }

    public void Write(TextWriter output)
    {
        if (_counts.Count == 0)
            return;

        var table = new TextTable("day, UTC", "source", "signal", ">records", ">payload bytes", ">");
        foreach (var (key, count) in _counts.OrderBy(c => c.Key))
        {
            var day = DateTimeOffset.UnixEpoch.AddDays(key.Day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            table.Add(day, RecordNames.TextOf(key.Source), RecordNames.TextOf(key.Signal), SizeText.Exact(count.Records), SizeText.Exact(count.Bytes), SizeText.Rounded(count.Bytes));
        }

        table.Write(output);
        output.WriteLine();
    }
}
