using FsCheck;
using FsCheck.Fluent;
using Tailscale2Otel.Ingest.Webhook;
using Tailscale2Otel.Model;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Ingest.Webhook;

public sealed class WebhookSignatureTests
{
    const string Mac = SignedDelivery.ExampleMac;

    static readonly byte[] Body = "[]"u8.ToArray();

    static readonly string[] Pieces =
    [
        "t", "v1", "v2", "=", "==", ",", ",,", " ", "\t", "1785153605", "0", "-1", "+1", "1e9", "99999999999999999999", "é", "\0", "٣",
        "t=1785153605", "v1=" + Mac, "v1=" + Mac[..63], "v1=" + Mac + "0", "v1=zz" + Mac[2..], Mac,
    ];

    static Gen<string> Soup => Gen.Elements(Pieces).ListOf().Select(string.Concat);

    /// <summary>A sound header with characters changed, left out and doubled, and signed for another body, time or key.</summary>
    static Gen<string> NearMiss =>
        from time in Gen.Choose(1, int.MaxValue)
        from kind in Gen.Choose(0, 3)
        from at in Gen.Choose(0, 70)
        from to in Gen.Choose(32, 126)
        select Damage(time, kind, at, (char)to);

    [TestCase($"t=1785153605,v1={Mac}", 1)]
    [TestCase($"v1={Mac},t=1785153605", 1)]
    [TestCase($"t=1785153605, v1={Mac}", 1)]
    [TestCase($" t = 1785153605 ,v1 = {Mac} ", 1)]
    [TestCase($"t=1785153605,v1={Mac},v1={Mac}", 2)]
    [TestCase($"t=1785153605,v1=short,v1={Mac}", 1)]
    [TestCase($"t=1785153605,v0=x,v2={Mac},what,=,v1={Mac},", 1)]
    [TestCase($"t=001785153605,v1={Mac}", 1)]
    public void Reads(string header, int candidates)
    {
        Assert.That(WebhookSignature.TryParse(header, out var signature, out _), header);
        Assert.That(signature!.Seconds, Is.EqualTo(1785153605));
        Assert.That(signature.Candidates.Select(Convert.ToHexStringLower), Is.EqualTo(Enumerable.Repeat(Mac, candidates)));
    }

    [Test]
    public void The_time_stays_as_it_is_written_since_that_is_what_was_signed()
    {
        Assert.That(WebhookSignature.TryParse($"t=007,v1={Mac}", out var signature, out _));
        Assert.That((signature!.Time, signature.Seconds), Is.EqualTo(("007", 7L)));
    }

    [TestCase("", "it has no t")]
    [TestCase("nonsense", "it has no t")]
    [TestCase($"v1={Mac}", "it has no t")]
    [TestCase($"T=1,v1={Mac}", "it has no t")]
    [TestCase($"t=,v1={Mac}", "its t is not a Unix time in seconds")]
    [TestCase($"t=-1,v1={Mac}", "its t is not a Unix time in seconds")]
    [TestCase($"t=1785153605.5,v1={Mac}", "its t is not a Unix time in seconds")]
    [TestCase($"t=١,v1={Mac}", "its t is not a Unix time in seconds")]
    [TestCase($"t=9999999999999999,v1={Mac}", "its t is not a Unix time in seconds")]
    [TestCase($"t=1,t=1,v1={Mac}", "it has more than one t")]
    [TestCase("t=1", "it has no v1 of 64 hexadecimal digits")]
    [TestCase("t=1,v1=", "it has no v1 of 64 hexadecimal digits")]
    [TestCase("t=1,v1=abc", "it has no v1 of 64 hexadecimal digits")]
    [TestCase($"t=1,V1={Mac}", "it has no v1 of 64 hexadecimal digits")]
    public void Says_what_is_wrong(string header, string problem)
    {
        Assert.That(WebhookSignature.TryParse(header, out var signature, out var said), Is.False);
        Assert.That((signature, said), Is.EqualTo(((WebhookSignature?)null, problem)));
    }

    [Test]
    public void A_header_of_any_length_is_bounded_work()
    {
        var header = "t=1" + string.Concat(Enumerable.Repeat(",v1=" + Mac, 100_000));
        Assert.That(WebhookSignature.TryParse(header, out _, out var problem), Is.False);
        Assert.That(problem, Does.Contain("longer than"));
    }

    [Test]
    public void Never_throws_and_never_accepts_what_was_not_signed([Range(0, 1)] int kind)
    {
        var verifier = new WebhookVerifier([new Secret(SignedDelivery.Secret)], TimeSpan.Zero, WebhookHost.Memory, TimeProvider.System);
        var headers = kind == 0 ? Soup : NearMiss;

        Check.One(
            FsCheck.Config.QuickThrowOnFailure.WithMaxTest(3000).WithQuietOnSuccess(true),
            Prop.ForAll(headers.ToArbitrary(), header => verifier.Check(header, Body).Fault == WebhookFault.None == IsSigned(header)));
    }

    [Test]
    public void Near_misses_are_sometimes_hits()
    {
        // Else the property above would say little.
        var headers = NearMiss.Sample(2000, 50).ToArray();
        Assert.That(headers.Count(IsSigned), Is.InRange(1, headers.Length - 1));
    }

    static string Damage(long time, int kind, int at, char to)
    {
        var header = SignedDelivery.Header(time, kind == 1 ? [1] : Body, kind == 2 ? "other" : SignedDelivery.Secret).ToCharArray();
        if (kind == 3)
            header[at % header.Length] = to;
        return new string(header);
    }

    /// <summary>The rule in other words: exactly one t of digits, and among the v1 the MAC of that t, in any case.</summary>
    static bool IsSigned(string header)
    {
        var parts = header.Split(',').Select(p => p.Split('=', 2)).Where(p => p.Length == 2).Select(p => (Name: p[0].Trim(' '), Value: p[1].Trim(' '))).ToArray();
        var times = parts.Where(p => p.Name == "t").Select(p => p.Value).ToArray();
        if (header.Length > 4096 || times.Length != 1 || times[0].Length is 0 or > 15 || times[0].Any(c => c is < '0' or > '9'))
            return false;

        var expected = Convert.ToHexStringLower(System.Security.Cryptography.HMACSHA256.HashData(
            System.Text.Encoding.UTF8.GetBytes(SignedDelivery.Secret), (byte[])[.. System.Text.Encoding.ASCII.GetBytes(times[0]), (byte)'.', .. Body]));
        return parts.Any(p => p.Name == "v1" && p.Value.Equals(expected, StringComparison.OrdinalIgnoreCase));
    }
}
