using Tailscale2Otel.Cli;
using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Spool;
using Tailscale2Otel.Spool.Inspection;

namespace Tailscale2Otel.Hosting.Inspection;

/// <summary><c>spool verify</c>.</summary>
static class VerifyCommand
{
    public static int Run(VerifyArguments arguments, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        try
        {
            var snapshot = SpoolInspector.Look(arguments.Directory, TimeProvider.System);
            var census = CensusProgress.Count(snapshot, error, arguments.Quiet, cancellation);
            Write(snapshot, census, output);
            return snapshot.Damage.IsEmpty ? ExitCode.Ok : ExitCode.Failed;
        }
        catch (Exception e) when (e is SpoolException or IOException)
        {
            error.WriteLine($"{ProductInfo.Name}: {e.Message}");
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            error.WriteLine($"{ProductInfo.Name}: stopped before all of it was read");
        }

        return ExitCode.Usage;
    }

    static void Write(SpoolSnapshot snapshot, RecordCensus census, TextWriter output)
    {
        var damage = snapshot.Damage;
        if (!damage.IsEmpty)
            DamageText.Write(damage, output);
        if (snapshot.Tail is { } tail)
            output.WriteLine(DamageText.Tail(snapshot, tail));
        if (damage.SweptBytes > 0)
            output.WriteLine($"{SizeText.Both(damage.SweptBytes)} were deleted by retention before they could be read.");

        var verdict = damage.IsEmpty ? "sound" : $"{SizeText.Exact(damage.Ranges.Count + damage.Unlisted)} damaged places";
        output.WriteLine($"{snapshot.Directory}: {snapshot.Segments.Count} segments, {SizeText.Both(snapshot.BytesOnDisk)}, {SizeText.Exact(census.Records)} sound records: {verdict}");
    }
}
