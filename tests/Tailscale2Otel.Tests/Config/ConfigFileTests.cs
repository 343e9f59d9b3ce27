using System.Text;
using Tailscale2Otel.Config;
using Tailscale2Otel.Hosting;

namespace Tailscale2Otel.Tests.Config;

[TestFixture]
public sealed class ConfigFileTests
{
    [TestCase("streaming: {token: 0123456789abcdef}")]
    [TestCase("streaming: {token: [0123456789abcdef]}")]
    [TestCase("otlp: {headers: {authorization: Basic x}}")]
    [TestCase("tailnets: [{name: example.com, auth: {apikey: tskey-api-x}}]")]
    [TestCase("headscale: {api_key: x}")]
    public void Warns_of_a_file_with_secrets_that_others_can_read(string yaml)
    {
        using var sample = new SampleConfig();

        Assert.That(sample.Texts(LoadOpen(sample, yaml).Warnings), Has.One.StartsWith("/DIR/config.yaml: readable by others than its owner"));
        SampleConfig.SetMode(sample.File, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.That(new ConfigLoader(OptionTypes.Schema).Load(sample.File, new Dictionary<string, string>()).Warnings.Select(w => w.Message), Has.None.StartsWith("readable by others"));
    }

    /// <summary>A service whose user is made at its start can only read a file that all may read.</summary>
    [TestCase("log_level: info")]
    [TestCase("streaming: {enabled: true, token: \"\", token_file: token}")]
    public void A_file_without_secrets_may_be_read_by_others(string yaml)
    {
        using var sample = new SampleConfig();
        sample.Write("token", "0123456789abcdef");

        Assert.That(LoadOpen(sample, yaml).Warnings, Is.Empty);
    }

    static LoadedConfig LoadOpen(SampleConfig sample, string yaml)
    {
        SampleConfig.SetMode(sample.Write("config.yaml", yaml), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        return new ConfigLoader(OptionTypes.Schema).Load(sample.File, new Dictionary<string, string>());
    }

    [Test]
    public void A_file_that_is_not_there_is_an_error()
    {
        using var sample = new SampleConfig();
        var config = new ConfigLoader(SampleConfig.Schema).Load(sample.File, new Dictionary<string, string>());

        Assert.That(sample.Texts(config.Errors).Single(), Does.StartWith("/DIR/config.yaml: the configuration file cannot be read: "));
    }

    [Test]
    public void A_file_of_more_than_a_mebibyte_is_refused() =>
        Assert.That(SampleConfig.Load(new string('#', 1_048_577)).Errors.Single().Message, Does.StartWith("larger than 1048576 bytes"));

    [Test]
    public void A_file_that_is_not_UTF_8_is_refused()
    {
        using var sample = new SampleConfig();
        File.WriteAllBytes(sample.File, [.. "log_level: "u8, 0xC3, 0x28]);
        SampleConfig.SetMode(sample.File, UnixFileMode.UserRead);

        var config = new ConfigLoader(SampleConfig.Schema).Load(sample.File, new Dictionary<string, string>());

        Assert.That(config.Errors.Single().Message, Is.EqualTo("not UTF-8"));
    }

    [TestCase("")]
    [TestCase("# nothing\n")]
    [TestCase("---\n")]
    [TestCase("\uFEFFlog_level: info\n")]
    public void A_file_that_says_little_is_fine(string text) => Assert.That(SampleConfig.Load(text).Errors, Is.Empty);

    [Test]
    public void Windows_line_ends_count_as_lines()
    {
        using var sample = new SampleConfig();
        Assert.That(sample.Texts(sample.LoadHere("log_level: info\r\nlog_format: xml\r\n").Errors).Single(), Does.StartWith("/DIR/config.yaml:2: "));
    }

    [Test]
    public void Rubbish_is_reported_and_never_thrown()
    {
        var random = new Random(7);
        const string Alphabet = "ab:-[]{}&*#!|>'\"%@`,?\n\t  0";
        for (var i = 0; i < 150; i++)
        {
            var text = new StringBuilder();
            for (var j = random.Next(60); j > 0; j--)
                text.Append(Alphabet[random.Next(Alphabet.Length)]);

            Assert.That(() => SampleConfig.Load(text.ToString()), Throws.Nothing, text.ToString());
        }
    }
}
