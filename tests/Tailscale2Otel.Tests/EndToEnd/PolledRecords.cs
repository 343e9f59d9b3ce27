using System.Globalization;
using System.Text;
using Tailscale2Otel.Demo.ControlPlane;
using Tailscale2Otel.Demo.Simulation;
using Tailscale2Otel.Model;
using Tailscale2Otel.Tailscale;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.EndToEnd;

/// <summary>Lets a simulated tailnet log records of <see cref="FlowLoad"/>'s numbering, which from then on must arrive.</summary>
sealed class PolledRecords(SimulatedControlPlane tailnet, SentRecords sent)
{
    public int Count { get; private set; }

    /// <summary>Logged now by the tailnet's clock.</summary>
    /// <param name="late">How long after that answers have it.</param>
    public void LogFlow(TimeSpan late = default)
    {
        var sequence = Count++;
        var now = tailnet.Clock.Now;
        sent.Post([sequence]);
        tailnet.Logs.Add(
            LogType.Network,
            Encoding.UTF8.GetBytes(string.Create(
                CultureInfo.InvariantCulture,
                $$$"""{"logged":"{{{GoTime.Format(UnixTime.Nanoseconds(now))}}}","nodeId":"nE2E{{{sequence % 40:D2}}}CNTRL","start":"2026-07-27T12:00:00.{{{sequence:D8}}}7Z","end":"2026-07-27T12:00:05Z","virtualTraffic":[{"proto":6,"src":"100.64.0.1:50000","dst":"100.64.0.2:443","txPkts":1,"txBytes":100,"rxPkts":1,"rxBytes":50}]}""")),
            now + late);
        sent.Acknowledge([sequence]);
    }

    public void LogFlows(int count)
    {
        for (var i = 0; i < count; i++)
            LogFlow();
    }
}
