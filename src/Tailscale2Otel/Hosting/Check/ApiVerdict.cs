using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Hosting.Check;

/// <summary>What a failed call of the API means.</summary>
static class ApiVerdict
{
    /// <param name="scope">What the operation asks of a credential.</param>
    public static CheckFinding Of(ApiFailure failure, string scope) => failure.State switch
    {
        ApiState.ScopeDenied => CheckFinding.Missing($"403: neither the scope {scope} nor the plan may be there", failure.Message),
        ApiState.Disabled => CheckFinding.Missing("404: this tailnet has not got it (plan or feature)", failure.Message),
        ApiState.CredentialRejected => CheckFinding.Failed(Status(failure, "the credential is refused"), failure.Message),
        ApiState.RequestRejected => CheckFinding.Failed(Status(failure, "the request is refused"), failure.Message),
        ApiState.Unknown => new CheckFinding(CheckState.Unknown, "no answer"),
        _ => CheckFinding.Failed(Status(failure, "not reachable, or not ready"), failure.Message),
    };

    static string Status(ApiFailure failure, string words) => failure.Status > 0 ? $"{failure.Status}: {words}" : words;
}
