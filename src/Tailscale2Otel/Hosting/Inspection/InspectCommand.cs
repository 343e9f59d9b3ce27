using Tailscale2Otel.Cli;
using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Spool;
using Tailscale2Otel.Spool.Inspection;

namespace Tailscale2Otel.Hosting.Inspection;

/// <summary><c>spool inspect</c>.</summary>
static class InspectCommand
{
    public static int Run(InspectArguments arguments, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        try
        {
            var snapshot = SpoolInspector.Look(arguments.Directory, TimeProvider.System);
            var report = SpoolReport.Of(snapshot, arguments.Records ? CensusProgress.Count(snapshot, error, isQuiet: arguments.Json, cancellation) : null);
            if (arguments.Json)
                output.WriteLine(SpoolReportJson.Write(report));
            else
                new SpoolReportText(report, output).Write(arguments.AllSegments);
            return ExitCode.Ok;
        }
        catch (Exception e) when (e is SpoolException or IOException)
        {
            error.WriteLine($"{ProductInfo.Name}: {e.Message}");
            return ExitCode.Usage;
        }
    }
}
