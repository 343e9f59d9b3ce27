namespace Tailscale2Otel.Ingest.Webhook;

/// <summary>Which tailnet a delivery is from: by its path, and among those that share one by the signature. Nothing looks into the body for that.</summary>
sealed class WebhookDoors
{
    readonly ILookup<string, WebhookDoor> _byPath;

    public WebhookDoors(IReadOnlyList<WebhookDoor> doors) => _byPath = doors.ToLookup(d => Trim(d.Path), StringComparer.Ordinal);

    /// <summary>Those behind a path; empty when nothing is there.</summary>
    public IReadOnlyList<WebhookDoor> At(string path) => [.. _byPath[Trim(path)]];

    /// <summary>
    /// The door whose secret fits, with what else is to be said of the signature; when none fits, the first with what is wrong. Every
    /// door is asked, so that the time does not tell which one fits.
    /// </summary>
    /// <param name="doors">Of <see cref="At"/>, all with secrets.</param>
    public static (WebhookDoor Door, WebhookVerdict Verdict) Choose(IReadOnlyList<WebhookDoor> doors, string header, ReadOnlySpan<byte> body)
    {
        var chosen = (Door: doors[0], Verdict: doors[0].Verifier.Check(header, body));
        for (var i = 1; i < doors.Count; i++)
        {
            var verdict = doors[i].Verifier.Check(header, body);
            if (verdict.SignedAt is not null)
                chosen = (doors[i], verdict);
        }

        return chosen;
    }

    /// <summary>One slash at the end is a slip of the hand and not another resource.</summary>
    static string Trim(string path) => path.Length > 1 && path[^1] == '/' ? path[..^1] : path;
}
