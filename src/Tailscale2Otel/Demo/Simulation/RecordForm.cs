namespace Tailscale2Otel.Demo.Simulation;

/// <summary>The way by which a record leaves Tailscale; each has members that the other has not.</summary>
enum RecordForm
{
    /// <summary>Inside the <c>event</c> of an HEC object.</summary>
    Stream,

    /// <summary>Inside the <c>logs</c> of an answer of the API.</summary>
    Api,
}
