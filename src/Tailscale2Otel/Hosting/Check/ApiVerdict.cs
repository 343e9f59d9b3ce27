using System.Text.RegularExpressions;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Hosting.Check;

/// <summary>What a failed call of the API means.</summary>
static partial class ApiVerdict
{
    const string Page = "a proxy or a sign-in page answers in the API's place: see HTTPS_PROXY, NO_PROXY and tailscale.api_url";

    /// <param name="offKey">What to turn off when it is not to be had.</param>
    public static CheckFinding Of(ApiFailure failure, ApiOperation operation, string offKey) => failure.State switch
    {
        _ when IsPage(failure) => CheckFinding.Failed(Status(failure, "a web page, not the API"), Page),
        _ when IsStranger(failure) => CheckFinding.Failed(Status(failure, failure.Status >= 300 ? "a redirect that is not followed" : "an answer that is not the API's"), $"{WithoutPath(failure.Message)}. If {Page}"),
        ApiState.ScopeDenied => CheckFinding.Missing($"403: the scope {operation.Scope}, or the plan, is missing", OrOff(failure, offKey)),
        ApiState.Disabled => CheckFinding.Missing("404: this tailnet has not got it (name, plan or feature)", OrOff(failure, offKey)),
        ApiState.CredentialRejected => CheckFinding.Failed(Status(failure, "the credential is refused"), ""),
        ApiState.RequestRejected => CheckFinding.Failed(Status(failure, "the request is refused"), WithoutPath(failure.Message)),
        ApiState.Unknown => new CheckFinding(CheckState.Unknown, "no answer"),
        _ => CheckFinding.Failed(Status(failure, failure.Status == 0 ? "no answer" : "not ready"), WithoutPath(failure.Message)),
    };

    /// <summary>Null while an answer proves nothing of the credential.</summary>
    public static bool? IsAccepted(ApiFailure? failure) => failure switch
    {
        null => true,
        _ when IsStranger(failure) => null,
        { State: ApiState.CredentialRejected } => false,
        { State: ApiState.ScopeDenied or ApiState.Disabled or ApiState.RequestRejected, Status: >= 400 } => true,
        _ => null,
    };

    /// <summary>So that rows with one reason share a line; the row says what was asked.</summary>
    public static string WithoutPath(string message) => Path().Replace(message, "");

    static string OrOff(ApiFailure failure, string offKey) => WithoutPath(failure.Message) + (offKey.Length > 0 ? $"; or set {offKey}" : "");

    /// <summary>An answer that came and is none of the API's: a success that holds something else, a redirect, or HTML.</summary>
    static bool IsStranger(ApiFailure failure) => !failure.IsTooLarge && (failure.Status is >= 200 and < 400 || IsPage(failure));

    static bool IsPage(ApiFailure failure) => failure.Message.Contains("It said: <", StringComparison.Ordinal);

    static string Status(ApiFailure failure, string words) => failure.Status > 0 ? $"{failure.Status}: {words}" : words;

    [GeneratedRegex("^GET [^ ]+ (?:was not sent, there is no access token: )?")]
    private static partial Regex Path();
}
