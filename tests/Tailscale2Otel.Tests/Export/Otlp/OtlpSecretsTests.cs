using Tailscale2Otel.Export.Otlp;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tests.Export.Otlp;

sealed class OtlpSecretsTests
{
    const string Token = "glc_eyJvIjoiMSIsIm4iOiJzM2NyM3QifQ==";

    [TestCase("invalid token: Bearer " + Token, "invalid token: ***")]
    [TestCase("invalid token: " + Token, "invalid token: ***")]
    [TestCase("missing Bearer token", "missing Bearer token")]
    [TestCase("no such key: some-key", "no such key: ***")]
    [TestCase("who is MTIzNDU6cGFzc3dvcmQ=?", "who is ***?")]
    [TestCase("who is 12345:password?", "who is ***?")]
    [TestCase("password is wrong", "*** is wrong")]
    [TestCase("Cannot POST /v1/logs?key=in-the-address", "Cannot POST /v1/logs?***")]
    [TestCase("no such key: in-the-address", "no such key: ***")]
    [TestCase("one of us is wrong", "one of us is wrong")]
    [TestCase("", "")]
    public void Hides_what_requests_carry_in_every_form(string said, string shown) => Assert.That(Secrets().Hide(said), Is.EqualTo(shown));

    [Test]
    public void Hides_a_secret_of_which_only_the_beginning_was_kept()
    {
        var said = new string('x', 1000) + " Bearer " + Token[..16];

        Assert.That(Secrets().Hide(said), Is.EqualTo(new string('x', 1000) + " ***"));
        Assert.That(Secrets().Hide(said[1..]), Is.EqualTo(said[1..]), "not cut");
    }

    static OtlpSecrets Secrets() => new(OtlpTarget.Resolve(
        new OtlpOptions
        {
            Logs =
            {
                Endpoint = "http://backend:4318/v1/logs?key=in-the-address",
                Headers = new Dictionary<string, Secret>
                {
                    ["Authorization"] = new("Bearer " + Token),
                    ["X-Key"] = new("some-key"),
                    ["Proxy-Authorization"] = new("Basic MTIzNDU6cGFzc3dvcmQ="),
                    ["X-Number"] = new("one"),
                },
            },
        },
        OtlpSignal.Logs)!);
}
