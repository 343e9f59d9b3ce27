namespace Tailscale2Otel.Tailscale;

/// <summary>A call under way, over its attempts.</summary>
sealed class ApiCall(ApiRequest request)
{
    public ApiRequest Request { get; } = request;

    public ApiOperation Operation => Request.Operation;

    public int Attempts { get; set; }

    /// <summary>A token was refused and renewed; that is done once.</summary>
    public bool IsRenewed { get; set; }

    /// <summary>Status of the last answer; 0 without one.</summary>
    public int Status { get; set; }

    /// <summary>Of the attempt before, for when time runs out while waiting for the next.</summary>
    public ApiFault? LastFault { get; set; }
}
