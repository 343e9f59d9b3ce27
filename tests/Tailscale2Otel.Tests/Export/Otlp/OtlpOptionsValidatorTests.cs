using Tailscale2Otel.Export.Otlp;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tests.Export.Otlp;

sealed class OtlpOptionsValidatorTests
{
    static IEnumerable<TestCaseData> Broken()
    {
        yield return Case("otlp.endpoint: must be a URL with scheme and host", o => o.Endpoint = "collector:4318");
        yield return Case("otlp.endpoint: must not hold user:password@", o => o.Endpoint = "http://u:secret@c");
        yield return Case("otlp.endpoint: must have no path with grpc", o => (o.Protocol, o.Endpoint) = ("grpc", "http://c/p"));
        yield return Case("otlp.headers: \"a…\" does not go on as a header name", o => o.Headers = Headers("a b", "v"));
        yield return Case("otlp.headers.a: must be printable ASCII", o => o.Headers = Headers("a", "secret\r\nx: y"));
        yield return Case("otlp.timeout: must be 0s or between 10ms and 24h", o => o.Timeout = TimeSpan.FromSeconds(-1));
        yield return Case("otlp.timeout: must be 0s or between 10ms and 24h", o => o.Timeout = TimeSpan.FromMilliseconds(5));
        yield return Case("otlp.logs.timeout: must be 0s or between 10ms and 24h", o => o.Logs.Timeout = TimeSpan.FromHours(25));
        yield return Case("otlp.headers: \"Authorization…\" does not", o => o.Headers = Headers("Authorization: Basic secret", ""));
        yield return Case("otlp.tls: cert_file and key_file belong together", o => o.Tls.CertFile = "c");
        yield return Case("otlp.retry.max_interval: must not be less than otlp.retry.initial_interval", o => o.Retry.MaxInterval = TimeSpan.FromSeconds(1));
        yield return Case("otlp.grafana_cloud: instance_id and token belong together", o => o.GrafanaCloud.InstanceId = "1");
        yield return Case("otlp.grafana_cloud: instance_id and token belong together", o => o.GrafanaCloud.Token = new Secret("t"));
        yield return Case("otlp.logs.endpoint: must be a URL with scheme and host", o => o.Logs.Endpoint = "c");
        yield return Case("otlp.logs.endpoint: must be set, because otlp.logs.protocol differs", o => (o.Endpoint, o.Logs.Protocol) = ("http://c:4318", "grpc"));
        yield return Case("otlp.metrics.headers: a header has no name", o => o.Metrics.Headers = Headers("", "v"));
        yield return Case("otlp.metrics.tls: cert_file and key_file belong together", o => o.Metrics.Tls.KeyFile = "k");
        yield return Case("otlp.logs.timeout: must be 0s or between", o => o.Logs.Timeout = TimeSpan.FromSeconds(-1));
    }

    [TestCaseSource(nameof(Broken))]
    public void Says_what_is_wrong(object change, string expected)
    {
        var options = new OtlpOptions();
        ((Action<OtlpOptions>)change)(options);

        var failures = new OtlpOptionsValidator().Validate(null, options).Failures?.ToList() ?? [];

        Assert.That(failures, Has.Count.EqualTo(1), string.Join('\n', failures));
        Assert.That(failures[0], Does.StartWith(expected).And.Not.Contains("secret"));
    }

    [Test]
    public void Takes_the_defaults_and_every_combination_of_protocols([Values("http", "grpc", "stdout")] string all, [Values("", "http", "grpc", "stdout")] string logs) =>
        Assert.That(new OtlpOptionsValidator().Validate(null, new OtlpOptions { Protocol = all, Logs = { Protocol = logs } }).Failures, Is.Null);

    [Test]
    public void Does_not_look_at_an_endpoint_that_is_not_used() =>
        Assert.That(new OtlpOptionsValidator().Validate(null, new OtlpOptions { Protocol = "stdout", Endpoint = "anything" }).Succeeded, Is.True);

    [Test]
    public void Collects_all_errors()
    {
        var options = new OtlpOptions { Endpoint = "x", Timeout = TimeSpan.FromDays(2), Logs = { Endpoint = "y" } };

        Assert.That(new OtlpOptionsValidator().Validate(null, options).Failures!.Count(), Is.EqualTo(3));
    }

    static Dictionary<string, Secret> Headers(string name, string value) => new() { [name] = new Secret(value) };

    static TestCaseData Case(string expected, Action<OtlpOptions> change) => new(change, expected);
}
