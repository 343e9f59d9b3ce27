namespace Tailscale2Otel.Hosting.Check;

/// <summary>One row of the table.</summary>
sealed record CheckRow(CheckPart Part, string Id, string What, string Tailnet, CheckFinding Finding)
{
    public bool IsBad => Finding.State is CheckState.Missing or CheckState.Failed or CheckState.Unknown;
}
