using Tailscale2Otel.Config;

namespace Tailscale2Otel.Tests.Config;

[TestFixture]
public sealed class StandardVariablesTests
{
    static readonly OptionsSchema Schema = new([OptionsClass.Of<SampleOtlpOptions>(), OptionsClass.Of<SampleResourceOptions>()], []);

    [TestCase("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4318", "otlp.endpoint", "http://c:4318")]
    [TestCase("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf", "otlp.protocol", "http")]
    [TestCase("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc", "otlp.protocol", "grpc")]
    [TestCase("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip", "otlp.compression", "gzip")]
    [TestCase("OTEL_EXPORTER_OTLP_TIMEOUT", "2500", "otlp.timeout", "2s500ms")]
    [TestCase("OTEL_EXPORTER_OTLP_CERTIFICATE", "/ca.pem", "otlp.tls.ca_file", "/ca.pem")]
    [TestCase("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", "/c.pem", "otlp.tls.cert_file", "/c.pem")]
    [TestCase("OTEL_EXPORTER_OTLP_CLIENT_KEY", "/k.pem", "otlp.tls.key_file", "/k.pem")]
    [TestCase("OTEL_EXPORTER_OTLP_INSECURE", "true", "otlp.tls.insecure", "true")]
    [TestCase("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "http://l/v1/logs", "otlp.logs.endpoint", "http://l/v1/logs")]
    [TestCase("OTEL_EXPORTER_OTLP_LOGS_PROTOCOL", "grpc", "otlp.logs.protocol", "grpc")]
    [TestCase("OTEL_EXPORTER_OTLP_LOGS_COMPRESSION", "none", "otlp.logs.compression", "none")]
    [TestCase("OTEL_EXPORTER_OTLP_LOGS_TIMEOUT", "1", "otlp.logs.timeout", "1ms")]
    [TestCase("OTEL_EXPORTER_OTLP_LOGS_CERTIFICATE", "/ca.pem", "otlp.logs.tls.ca_file", "/ca.pem")]
    [TestCase("OTEL_EXPORTER_OTLP_LOGS_CLIENT_CERTIFICATE", "/c.pem", "otlp.logs.tls.cert_file", "/c.pem")]
    [TestCase("OTEL_EXPORTER_OTLP_LOGS_CLIENT_KEY", "/k.pem", "otlp.logs.tls.key_file", "/k.pem")]
    [TestCase("OTEL_EXPORTER_OTLP_LOGS_INSECURE", "false", "otlp.logs.tls.insecure", "false")]
    [TestCase("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "http://m/v1/metrics", "otlp.metrics.endpoint", "http://m/v1/metrics")]
    [TestCase("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "http/protobuf", "otlp.metrics.protocol", "http")]
    [TestCase("OTEL_EXPORTER_OTLP_METRICS_COMPRESSION", "gzip", "otlp.metrics.compression", "gzip")]
    [TestCase("OTEL_EXPORTER_OTLP_METRICS_TIMEOUT", "60000", "otlp.metrics.timeout", "1m")]
    [TestCase("OTEL_EXPORTER_OTLP_METRICS_CERTIFICATE", "/ca.pem", "otlp.metrics.tls.ca_file", "/ca.pem")]
    [TestCase("OTEL_EXPORTER_OTLP_METRICS_CLIENT_CERTIFICATE", "/c.pem", "otlp.metrics.tls.cert_file", "/c.pem")]
    [TestCase("OTEL_EXPORTER_OTLP_METRICS_CLIENT_KEY", "/k.pem", "otlp.metrics.tls.key_file", "/k.pem")]
    [TestCase("OTEL_EXPORTER_OTLP_METRICS_INSECURE", "true", "otlp.metrics.tls.insecure", "true")]
    [TestCase("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "Delta", "otlp.temporality", "delta")]
    [TestCase("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "LowMemory", "otlp.temporality", "delta")]
    [TestCase("OTEL_METRIC_EXPORT_INTERVAL", "15000", "otlp.metric_interval", "15s")]
    [TestCase("OTEL_SERVICE_NAME", "bridge", "resource.service_name", "bridge")]
    public void Fills_its_key(string variable, string text, string key, string expected)
    {
        var config = Load((variable, text));

        var value = config.Values.Single(v => v.Key == key);
        Assert.That(config.Errors, Is.Empty);
        Assert.That(ValueText.OfText(value.Value), Is.EqualTo(expected));
        Assert.That(value.Origin, Is.EqualTo(variable));
    }

    [Test]
    public void Every_documented_variable_is_in_the_table_above()
    {
        var table = typeof(StandardVariablesTests).GetMethod(nameof(Fills_its_key))!
            .GetCustomAttributes(typeof(TestCaseAttribute), false)
            .Select(c => (string)((TestCaseAttribute)c).Arguments[0]!);
        var maps = new[] { "OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_LOGS_HEADERS", "OTEL_EXPORTER_OTLP_METRICS_HEADERS", "OTEL_RESOURCE_ATTRIBUTES" };

        Assert.That(StandardVariables.Documented.Select(d => d.Variable), Is.EquivalentTo(table.Distinct().Concat(maps)));
    }

    [TestCase("OTEL_EXPORTER_OTLP_HEADERS")]
    [TestCase("OTEL_EXPORTER_OTLP_LOGS_HEADERS")]
    [TestCase("OTEL_EXPORTER_OTLP_METRICS_HEADERS")]
    public void Headers_are_percent_encoded_pairs(string variable)
    {
        var options = Load((variable, "Authorization=Basic%20Zm9v%3D, x-org = 7,x-raw=a=b")).Get<SampleOtlpOptions>();
        var headers = variable.Contains("LOGS", StringComparison.Ordinal) ? options.Logs.Headers
            : variable.Contains("METRICS", StringComparison.Ordinal) ? options.Metrics.Headers
            : options.Headers;

        Assert.That(headers.Select(h => $"{h.Key}={h.Value.Reveal()}"), Is.EquivalentTo(new[] { "Authorization=Basic Zm9v=", "x-org=7", "x-raw=a=b" }));
    }

    [Test]
    public void Resource_attributes_find_the_keys_they_have()
    {
        var config = Load(("OTEL_RESOURCE_ATTRIBUTES", "team=net%2Fops,service.name=a,service.namespace=ns,service.version=1"), ("OTEL_SERVICE_NAME", "b"));
        var options = config.Get<SampleResourceOptions>();

        Assert.That(config.Errors, Is.Empty);
        Assert.That(options.ServiceName, Is.EqualTo("b"), "OTEL_SERVICE_NAME is stronger than service.name");
        Assert.That(options.ServiceNamespace, Is.EqualTo("ns"));
        Assert.That(options.Attributes, Is.EquivalentTo(new Dictionary<string, string> { ["team"] = "net/ops" }));
        Assert.That(config.Warnings.Single().Message, Is.EqualTo("service.version is ignored: the daemon says it itself"));
    }

    [TestCase("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json", "OTEL_EXPORTER_OTLP_PROTOCOL: otlp.protocol = \"http/json\": allowed: http/protobuf, grpc")]
    [TestCase("OTEL_EXPORTER_OTLP_TIMEOUT", "10s", "OTEL_EXPORTER_OTLP_TIMEOUT: otlp.timeout = \"10s\": allowed: milliseconds as a whole number")]
    [TestCase("OTEL_METRIC_EXPORT_INTERVAL", "-1", "OTEL_METRIC_EXPORT_INTERVAL: otlp.metric_interval = \"-1\": allowed: milliseconds as a whole number")]
    [TestCase("OTEL_EXPORTER_OTLP_INSECURE", "maybe", "OTEL_EXPORTER_OTLP_INSECURE: otlp.tls.insecure = \"maybe\": allowed: true or false")]
    [TestCase("OTEL_EXPORTER_OTLP_HEADERS", "hunter2", "OTEL_EXPORTER_OTLP_HEADERS: otlp.headers: allowed: name=value pairs with commas between them, values percent-encoded")]
    public void A_wrong_value_is_an_error_with_the_variable(string variable, string text, string expected) =>
        Assert.That(Load((variable, text)).Errors.Select(e => e.ToString()), Is.EqualTo(new[] { expected }));

    [Test]
    public void An_empty_variable_is_unset()
    {
        var config = Load(("OTEL_EXPORTER_OTLP_TIMEOUT", ""), ("OTEL_EXPORTER_OTLP_PROTOCOL", "  "), ("OTEL_SERVICE_NAME", ""));

        Assert.That(config.Errors, Is.Empty);
        Assert.That(config.Values.Select(v => v.Origin), Is.All.EqualTo("default"));
    }

    [Test]
    public void A_variable_for_one_signal_gives_way_to_a_stronger_layer_for_both()
    {
        var both = Load(("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "http://l"), ("TS2OTEL_OTLP__ENDPOINT", "http://all")).Get<SampleOtlpOptions>();
        var standard = Load(("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "http://l"), ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://all")).Get<SampleOtlpOptions>();

        Assert.That(both.Logs.Endpoint, Is.Empty);
        Assert.That(standard.Logs.Endpoint, Is.EqualTo("http://l"));
    }

    [Test]
    public void Headers_of_a_stronger_layer_are_joined_with_these_and_win()
    {
        var options = Load(("OTEL_EXPORTER_OTLP_HEADERS", "a=1,X-Org=weak"), ("TS2OTEL_OTLP__HEADERS__X_ORG", "strong")).Get<SampleOtlpOptions>();

        Assert.That(options.Headers.Select(h => $"{h.Key}={h.Value.Reveal()}"), Is.EquivalentTo(new[] { "a=1", "x-org=strong" }));
    }

    static LoadedConfig Load(params (string Name, string Value)[] variables) =>
        new ConfigLoader(Schema).Load(null, variables.ToDictionary(v => v.Name, v => v.Value));
}
