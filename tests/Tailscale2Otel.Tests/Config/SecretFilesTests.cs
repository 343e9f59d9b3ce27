namespace Tailscale2Otel.Tests.Config;

[TestFixture]
public sealed class SecretFilesTests
{
    [Test]
    public void Reads_one_secret_trimmed_and_several_one_a_line()
    {
        using var sample = new SampleConfig();
        sample.Write("token.txt", "\uFEFF\n hunter2 \r\n\n");
        sample.Write("keys.txt", "one\r\n\n  two\n");

        var config = sample.LoadHere("sample: {token_file: token.txt, token: \"\", keys_file: keys.txt, routes: [{path: /, token_file: token.txt}]}");
        var options = config.Get<SampleOptions>();

        Assert.That(sample.Texts(config.Errors), Is.Empty);
        Assert.That(options.Token.Reveal(), Is.EqualTo("hunter2"));
        Assert.That(options.Keys.Select(k => k.Reveal()), Is.EqualTo(new[] { "one", "two" }));
        Assert.That(options.Routes[0].Token.Reveal(), Is.EqualTo("hunter2"));
    }

    [Test]
    public void A_path_in_a_variable_starts_at_the_working_directory()
    {
        using var sample = new SampleConfig();
        var path = sample.Write("token.txt", "hunter2");

        var config = sample.LoadHere(null, ("TS2OTEL_SAMPLE__TOKEN_FILE", Path.GetRelativePath(Environment.CurrentDirectory, path)));

        Assert.That(config.Get<SampleOptions>().Token.Reveal(), Is.EqualTo("hunter2"));
    }

    [Test]
    public void A_file_that_holds_no_secret_is_an_error_with_both_paths()
    {
        using var sample = new SampleConfig();
        sample.Write("empty.txt", " \n");
        sample.Write("large.txt", new string('x', 65_537));

        var config = sample.LoadHere("sample:\n  token_file: empty.txt\n  keys_file: large.txt\n  routes: [{path: /, token_file: gone.txt}]\n");

        Assert.That(sample.Texts(config.Errors), Is.EquivalentTo(new[]
        {
            "/DIR/config.yaml:2: sample.token_file = \"empty.txt\": the file is empty (resolved to /DIR/empty.txt)",
            "/DIR/config.yaml:3: sample.keys_file = \"large.txt\": larger than 65536 bytes, which no secret is (resolved to /DIR/large.txt)",
            "/DIR/config.yaml:4: sample.routes[0].token_file = \"gone.txt\": cannot be read: Could not find file '/DIR/gone.txt'. (resolved to /DIR/gone.txt)",
        }));
    }

    [Test]
    public void Secret_and_file_from_two_layers_are_one_too_many()
    {
        using var sample = new SampleConfig();
        var config = sample.LoadHere("sample: {token: hunter2}", ("TS2OTEL_SAMPLE__TOKEN_FILE", "/etc/token"));

        Assert.That(sample.Texts(config.Errors), Is.EqualTo(new[]
        {
            "TS2OTEL_SAMPLE__TOKEN_FILE: sample.token_file = \"/etc/token\": sample.token is set too (/DIR/config.yaml:1): set only one, not both",
        }));
    }
}
