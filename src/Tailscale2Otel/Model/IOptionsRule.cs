namespace Tailscale2Otel.Model;

/// <summary>
/// A rule between options classes. It is asked when all of them are filled; what could not be read holds its default and was reported.
/// </summary>
interface IOptionsRule
{
    /// <summary>What is broken, each beginning with the full key to be changed and a colon, as in <c>streaming.routes[0].tailnet: is none of tailnets</c>.</summary>
    IEnumerable<string> Failures(OptionsSet options);
}
