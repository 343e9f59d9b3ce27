using Tailscale2Otel.Model;

namespace Tailscale2Otel.Cli.Webhook;

/// <summary>A secret to try.</summary>
/// <param name="Origin">The file, and the line where it has several.</param>
/// <param name="Deviation">How it differs from what the file says; empty when it does not.</param>
sealed record SecretCandidate(Secret Secret, string Origin, string Deviation = "")
{
    public const string Prefix = "tskey-webhook-";

    /// <summary>What a mistake with it may have made of it.</summary>
    public IEnumerable<SecretCandidate> Mistaken()
    {
        var text = Secret.Reveal();
        yield return this with { Secret = new Secret(text + "\n"), Deviation = "with a line break behind it: whoever signed read the secret from a file and kept its line break" };
        if (text.Length > 2 && text[0] is '"' or '\'' && text[0] == text[^1])
            yield return this with { Secret = new Secret(text[1..^1]), Deviation = "without the quotes around it: remove them from the file" };
        if (text.StartsWith(Prefix, StringComparison.Ordinal))
            yield return this with { Secret = new Secret(text[Prefix.Length..]), Deviation = $"without {Prefix}: whoever signed left it out; Tailscale's own signatures are over the whole secret" };
        else
            yield return this with { Secret = new Secret(Prefix + text), Deviation = $"with {Prefix} before it: that is part of the secret, put it into the file" };
    }
}
