using System.Globalization;
using System.Text;
using Tailscale2Otel.Config;
using Tailscale2Otel.Ingest.Webhook;
using Tailscale2Otel.Processing;
using Tailscale2Otel.Processing.Webhook;

namespace Tailscale2Otel.Cli.Webhook;

/// <summary>Says of a captured delivery what the receiver would, and then why.</summary>
/// <param name="verifier">With the secrets as they are in the files.</param>
sealed class WebhookExamination(IReadOnlyList<SecretCandidate> secrets, WebhookVerifier verifier, TimeSpan tolerance, DateTimeOffset now)
{
    readonly List<string> _lines = [];

    /// <summary>What was found, one finding a line.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>Every problem has been added to the lines.</summary>
    public bool IsGood { get; private set; } = true;

    public void Examine(CapturedRequest request)
    {
        if (!request.HasHead)
        {
            Wrong("there are no headers, an empty line and a body: capture the whole request, as with tcpdump -A or nc -l");
            return;
        }

        CheckTransport(request);
        var header = request.Header(WebhookSignature.HeaderName);
        if (header.Length == 0)
            Wrong($"there is no {WebhookSignature.HeaderName} header: the request is not Tailscale's, or a proxy removes the header (401 missing_signature)");
        else if (!WebhookSignature.TryParse(header, out var signature, out var problem))
            Wrong($"the {WebhookSignature.HeaderName} header cannot be read: {problem} (401 malformed_signature)");
        else
            CheckSignature(request, header, signature);
        CheckBody(request.Body.Span);
    }

    void CheckTransport(CapturedRequest request)
    {
        if (request.BytesMissing > 0)
            Wrong(Invariant($"the body is {request.BytesMissing} bytes shorter than its Content-Length: the capture or a proxy cut it off"));
        if (request.BytesBehind > 0)
            _lines.Add(Invariant($"note: {request.BytesBehind} bytes follow the body and were left out; Content-Length says where it ends"));
        var encoding = request.Header("Content-Encoding");
        if (encoding.Length > 0 && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
            Wrong("the body is compressed (Content-Encoding), which Tailscale does not do: a proxy does, and the signature is over the body before that (415 encoding)");
    }

    void CheckSignature(CapturedRequest request, string header, WebhookSignature signature)
    {
        var verdict = verifier.Check(header, request.Body.Span);
        if (verdict.Fault == WebhookFault.BadSignature)
        {
            Wrong(Explain(request, signature));
            return;
        }

        var fitting = secrets.First(s => WebhookMac.Matches(s.Secret, signature, request.Body.Span));
        _lines.Add($"good: signed with the secret in {fitting.Origin}");
        CheckTime(verdict, signature.Seconds);
    }

    void CheckTime(WebhookVerdict verdict, long signedAt)
    {
        var age = now.ToUnixTimeSeconds() - signedAt;
        var words = $"{Duration(Math.Abs(age))} {(age < 0 ? "in the future" : "ago")}";
        if (verdict.Fault == WebhookFault.StaleTimestamp)
            Wrong($"stale: signed {words}, and the limit is {GoDuration.Format(verifier.OldestAge)}; give the time of the capture with --time if it is an old one (401 stale_timestamp)");
        else if (verdict.Fault == WebhookFault.FutureTimestamp)
            Wrong($"signed {words}: the clock of this machine is behind, or --time is wrong (401 future_timestamp)");
        else if (verdict.IsStale && tolerance == TimeSpan.Zero)
            _lines.Add($"good: signed {words}; with a tolerance of 0 any age is taken");
        else if (verdict.IsStale)
            _lines.Add($"good: signed {words}, more than the tolerance of {GoDuration.Format(tolerance)}; taken as a retry, since a replay would be recognised");
        else
            _lines.Add($"good: signed {words}");
    }

    /// <summary>Which small change makes the signature fit, if any does.</summary>
    string Explain(CapturedRequest request, WebhookSignature signature)
    {
        var body = new BodyCandidate(request.Body);
        foreach (var unaltered in body.Unaltered())
        {
            if (secrets.Any(s => WebhookMac.Matches(s.Secret, signature, unaltered.Bytes.Span)))
                return $"body altered: the signature fits the body before {unaltered.Deviation} (401 bad_signature)";
        }

        foreach (var mistaken in secrets.SelectMany(s => s.Mistaken()))
        {
            if (body.Unaltered().Prepend(body).Any(b => WebhookMac.Matches(mistaken.Secret, signature, b.Bytes.Span)))
                return $"wrong secret: the signature fits the one in {mistaken.Origin} {mistaken.Deviation} (401 bad_signature)";
        }

        var foreign = secrets.Where(s => !s.Secret.Reveal().StartsWith(SecretCandidate.Prefix, StringComparison.Ordinal)).Select(s => s.Origin).ToList();
        var hint = foreign.Count == 0 ? "" : $"; what is in {string.Join(", ", foreign)} does not begin with {SecretCandidate.Prefix}, as Tailscale's secrets do";
        return request.BytesMissing > 0
            ? "the signature does not fit, as it cannot for a body that is cut off (401 bad_signature)"
            : Invariant($"wrong secret or body altered: the signature fits none of the {secrets.Count} secrets, nor with the usual mistakes. The secret is of the webhook's creation or last rotation, each webhook has its own; the body must be what Tailscale sent, byte by byte{hint} (401 bad_signature)");
    }

    void CheckBody(ReadOnlySpan<byte> body)
    {
        var events = new List<Range>();
        switch (WebhookBatchReader.Read(body, events))
        {
            case WebhookShape.Array:
                _lines.Add($"good: {events.Count.ToString(CultureInfo.InvariantCulture)} events{Types(body, events)}");
                break;
            case WebhookShape.NotArray:
                Wrong("the body is JSON but not an array: the webhook was created for a chat (Slack, Mattermost, Google Chat, Discord); create it without a provider type (400 invalid_body)");
                break;
            case WebhookShape.NotJson:
                Wrong("the body is not JSON (400 invalid_body)");
                break;
            default:
                Wrong(Invariant($"the array has more than {WebhookBatchReader.MaxEvents} elements (413 too_many_events)"));
                break;
        }
    }

    /// <summary>The types are Tailscale's words; nothing else of the events is shown.</summary>
    static string Types(ReadOnlySpan<byte> body, List<Range> events)
    {
        const int Shown = 10;
        var types = new List<string>();
        foreach (var range in events.Take(Shown))
        {
            using var texts = new PooledBytes();
            types.Add(WebhookDecoder.TryDecode(body[range], texts, out var decoded) ? Printable.Value(Encoding.UTF8.GetString(decoded.Type)) : "not an event");
        }

        if (events.Count > Shown)
            types.Add("…");
        return types.Count == 0 ? "" : $" ({string.Join(", ", types)})";
    }

    void Wrong(string text)
    {
        IsGood = false;
        _lines.Add($"wrong: {text}");
    }

    static string Duration(long seconds) => seconds < TimeSpan.MaxValue.TotalSeconds ? GoDuration.Format(TimeSpan.FromSeconds(seconds)) : "ages";

    static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
