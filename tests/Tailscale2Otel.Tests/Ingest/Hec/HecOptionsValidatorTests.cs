using Tailscale2Otel.Ingest.Hec;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tests.Ingest.Hec;

public sealed class HecOptionsValidatorTests
{
    static readonly (Action<HecOptions> Break, string Key)[] Rules =
    [
        (o => o.Listen = "8088", "streaming.listen"),
        (o => o.Listen = "host.example:8088", "streaming.listen"),
        (o => o.Path = "", "streaming.path"),
        (o => o.Path = "events", "streaming.path"),
        (o => o.Path = "/my events", "streaming.path"),
        (o => o.Path = "/events?x", "streaming.path"),
        (o => o.Path = "/services/collector/health/", "streaming.path"),
        (o => o.Token = [new Secret("good"), new Secret("")], "streaming.token"),
        (o => o.Token = [new Secret("two\nlines")], "streaming.token"),
        (o => o.Token = [new Secret(" padded")], "streaming.token"),
        (o => o.Tls.CertFile = "cert.pem", "streaming.tls"),
        (o => o.Tls.KeyFile = "key.pem", "streaming.tls"),
        (o => o.MaxConcurrentBodyBytes = 134_217_727, "streaming.max_concurrent_body_bytes"),
        (o => o.MaxBodyBytes = -1, "streaming.max_concurrent_body_bytes"),
        (o => o.AckMaxPending = 5, "streaming.ack_max_pending_per_channel"),
    ];

    static IEnumerable<int> Indexes => Enumerable.Range(0, Rules.Length);

    [Test]
    public void The_defaults_are_valid() => Assert.That(Validate(_ => { }), Is.Empty);

    [TestCaseSource(nameof(Indexes))]
    public void A_broken_rule_is_told_by_its_key(int rule)
    {
        var failures = Validate(Rules[rule].Break);
        Assert.That(failures, Has.Length.EqualTo(1));
        Assert.That(failures[0], Does.StartWith(Rules[rule].Key + ": "));
    }

    [TestCase(0, 128)]
    [TestCase(-1, 512)]
    [TestCase(1000, 1)]
    [TestCase(1_000_000, 2)]
    [TestCase(1_500_000, 3)]
    public void The_bodies_bound_that_is_told_is_enough(int body, int megabytes)
    {
        var told = Validate(o => (o.MaxBodyBytes, o.MaxConcurrentBodyBytes) = (body, 1));
        Assert.That(told.SingleOrDefault(""), megabytes > 1 ? Does.Contain($"set {megabytes}MiB or more") : Is.Not.Null);
        Assert.That(Validate(o => (o.MaxBodyBytes, o.MaxConcurrentBodyBytes) = (body, megabytes * 1_048_576L)), Is.Empty);
    }

    [Test]
    public void All_are_told_at_once() => Assert.That(
        Validate(o => (o.Listen, o.Path, o.Tls.KeyFile) = ("x", "x", "x")), Has.Length.EqualTo(3));

    [Test]
    public void What_is_off_may_be_anything() => Assert.That(Validate(o => (o.Enabled, o.Listen) = (false, "x")), Is.Empty);

    [Test]
    public void A_token_is_never_repeated() => Assert.That(string.Concat(Validate(o => o.Token = [new Secret(" hunter2")])), Does.Not.Contain("hunter2"));

    static string[] Validate(Action<HecOptions> change)
    {
        var options = new HecOptions { Enabled = true };
        change(options);
        return [.. new HecOptionsValidator().Validate(null, options).Failures ?? []];
    }
}
