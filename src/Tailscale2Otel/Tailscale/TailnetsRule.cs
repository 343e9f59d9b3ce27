using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tailscale;

/// <summary>One tailnet is named in one place, several in the other.</summary>
sealed class TailnetsRule : IOptionsRule
{
    public IEnumerable<string> Failures(OptionsSet options)
    {
        var one = options.Get<TailscaleOptions>();
        if (TailnetName.Problem(one.Tailnet) is { } problem)
            yield return $"tailscale.tailnet: {problem}";
        if (one.Name.Length > 0 && options.Get<TailnetsOptions>().Tailnets.Count > 0)
            yield return "tailscale.tailnet: not together with the list tailnets; name this one there and leave the key out";
    }
}
