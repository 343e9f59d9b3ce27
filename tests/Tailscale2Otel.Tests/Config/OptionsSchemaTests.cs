using System.Reflection;
using Microsoft.Extensions.Options;
using Tailscale2Otel.Config;
using Tailscale2Otel.Hosting;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tests.Config;

[TestFixture]
public sealed class OptionsSchemaTests
{
    [TestCase("MaxBodyBytes", "max_body_bytes")]
    [TestCase("Tls", "tls")]
    [TestCase("InsecureSkipVerify", "insecure_skip_verify")]
    [TestCase("URL", "url")]
    [TestCase("OTLPEndpoint", "otlp_endpoint")]
    [TestCase("S3Bucket", "s3_bucket")]
    public void Names_keys_in_snake_case(string property, string key) => Assert.That(OptionsSchema.SnakeCase(property), Is.EqualTo(key));

    [Test]
    public void Finds_a_key_for_every_property_that_can_be_set()
    {
        var keys = SampleConfig.Schema.Keys;

        Assert.Multiple(() =>
        {
            Assert.That(keys["sample.max_body_bytes"].Kind, Is.EqualTo(OptionKind.Bytes));
            Assert.That(keys["sample.part.depth"], Has.Property("IsNullable").True.And.Property("Type").EqualTo(typeof(int)));
            Assert.That(keys["sample.keys"].FileName, Is.EqualTo("sample.keys_file"));
            Assert.That(keys["sample.headers"].IsHeaders, Is.True);
            Assert.That(keys["sample.labels"].IsHeaders, Is.False);
            Assert.That(keys["sample.routes"].Kind, Is.EqualTo(OptionKind.SectionList));
            Assert.That(keys.Keys, Has.None.EqualTo("sample.computed"));
            Assert.That(keys["log_level"].Default, Is.EqualTo(LogVerbosity.Info));
        });
    }

    [Test]
    public void Refuses_a_property_that_no_text_can_fill() =>
        Assert.That(() => OptionsSchema.Describe(new UnreadableOptions(), "x"), Throws.TypeOf<NotSupportedException>().With.Message.Contains("UnreadableOptions.When"));

    [Test]
    public void A_key_that_two_classes_of_the_daemon_read_has_one_type_and_one_default()
    {
        var wrong = OptionTypes.Schema.Sections
            .SelectMany(s => s.AllKeys)
            .GroupBy(k => k.Name)
            .Where(g => g.Select(k => (k.Kind, k.Type, ValueText.OfText(k.Default))).Distinct().Count() > 1)
            .Select(g => g.Key);

        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void The_daemon_lists_every_options_class_validator_and_rule()
    {
        var all = typeof(OptionsSchema).Assembly.GetTypes().Where(t => !t.IsAbstract && (t.IsDefined(typeof(ConfigSectionAttribute)) || IsValidator(t) || typeof(IOptionsRule).IsAssignableFrom(t)));

        var listed = OptionTypes.Schema.Classes.SelectMany(c => c.Validators.Append(c.Section.Type)).Concat(OptionTypes.Schema.Rules.Select(r => r.GetType()));
        Assert.That(listed, Is.EquivalentTo(all));
    }

    [Test]
    public void The_defaults_of_the_daemon_are_valid()
    {
        var config = new ConfigLoader(OptionTypes.Schema).Load(null, new Dictionary<string, string>());

        Assert.That(config.Errors, Is.Empty);
        Assert.That(config.Warnings, Is.Empty);
    }

    static bool IsValidator(Type type) => Array.Exists(type.GetInterfaces(), i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IValidateOptions<>));

    sealed class UnreadableOptions : IConfigSection
    {
        public DateTimeOffset When { get; set; }

        public ListenAddress? Where { get; set; }
    }
}
