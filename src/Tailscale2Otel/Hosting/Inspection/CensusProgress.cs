using Tailscale2Otel.Cli;
using Tailscale2Otel.Spool.Inspection;

namespace Tailscale2Otel.Hosting.Inspection;

/// <summary>Reads every record with a bar on a terminal, and without a word elsewhere.</summary>
static class CensusProgress
{
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public static RecordCensus Count(SpoolSnapshot snapshot, TextWriter error, bool isQuiet, CancellationToken cancellation)
    {
        var bar = ProgressLine.OnStandardError(error, isQuiet, ProgressStyle.None, TimeProvider.System);
        var all = snapshot.BytesFrom(0);
        try
        {
            return RecordCensus.Take(
                snapshot,
                (position, records) =>
                {
                    var done = all - snapshot.BytesFrom(position);
                    bar.Report((double)done / all, () => $"{SizeText.Rounded(done)} of {SizeText.Rounded(all)}, {SizeText.Exact(records)} records");
                },
                cancellation);
        }
        finally
        {
            bar.End();
        }
    }
}
