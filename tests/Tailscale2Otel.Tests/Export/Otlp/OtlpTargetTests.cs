using Tailscale2Otel.Export.Otlp;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tests.Export.Otlp;

sealed class OtlpTargetTests
{
    [Test]
    public void Is_a_collector_on_this_machine_by_default()
    {
        var logs = OtlpTarget.Resolve(new OtlpOptions(), OtlpSignal.Logs)!;
        var metrics = OtlpTarget.Resolve(new OtlpOptions { Protocol = "grpc" }, OtlpSignal.Metrics)!;

        Assert.Multiple(() =>
        {
            Assert.That((logs.Protocol, logs.Endpoint), Is.EqualTo(("http", new Uri("http://localhost:4318/v1/logs"))));
            Assert.That((metrics.Protocol, metrics.Endpoint), Is.EqualTo(("grpc", new Uri("http://localhost:4317"))));
            Assert.That((logs.Compression, logs.Timeout, logs.MaxRequestSize, logs.Headers.Count), Is.EqualTo(("none", TimeSpan.FromSeconds(10), 0, 0)));
            Assert.That(logs.Retry.InitialInterval, Is.EqualTo(TimeSpan.FromSeconds(5)));
        });
    }

    [Test]
    public void Uses_the_endpoint_of_one_signal_as_it_is()
    {
        var options = new OtlpOptions { Endpoint = "https://all/otlp", Logs = { Endpoint = "https://logs/ingest" } };

        Assert.That(OtlpTarget.Resolve(options, OtlpSignal.Logs)!.Endpoint, Is.EqualTo(new Uri("https://logs/ingest")));
        Assert.That(OtlpTarget.Resolve(options, OtlpSignal.Metrics)!.Endpoint, Is.EqualTo(new Uri("https://all/otlp/v1/metrics")));
    }

    [Test]
    public void Inherits_what_a_signal_leaves_open_and_takes_what_it_says()
    {
        var options = new OtlpOptions
        {
            Endpoint = "http://all",
            Compression = "gzip",
            Timeout = TimeSpan.FromSeconds(3),
            MaxRequestSize = 1000,
            Headers = Headers("a", "1"),
            Tls = { CaFile = "ca", CertFile = "cert", KeyFile = "key", InsecureSkipVerify = true },
            Retry = { InitialInterval = TimeSpan.FromSeconds(1) },
            Logs =
            {
                Protocol = "grpc",
                Endpoint = "logs:4317",
                Compression = "none",
                Timeout = TimeSpan.FromSeconds(7),
                MaxRequestSize = 5,
                Headers = Headers("b", "2"),
                Tls = { Insecure = true, CertFile = "own", InsecureSkipVerify = false },
                Retry = { MaxInterval = TimeSpan.FromSeconds(9) },
            },
        };

        var logs = OtlpTarget.Resolve(options, OtlpSignal.Logs)!;
        var metrics = OtlpTarget.Resolve(options, OtlpSignal.Metrics)!;

        Assert.Multiple(() =>
        {
            Assert.That((logs.Protocol, logs.Endpoint, logs.Compression), Is.EqualTo(("grpc", new Uri("http://logs:4317"), "none")));
            Assert.That((logs.Timeout.Seconds, logs.MaxRequestSize), Is.EqualTo((7, 5)));
            Assert.That(logs.Headers.Keys, Is.EqualTo(new[] { "b" }));
            Assert.That((logs.Tls.CaFile, logs.Tls.CertFile, logs.Tls.KeyFile, logs.Tls.InsecureSkipVerify), Is.EqualTo(("ca", "own", "", false)));
            Assert.That((logs.Retry.InitialInterval.Seconds, logs.Retry.MaxInterval.Seconds, logs.Retry.MaxElapsedTime.Minutes), Is.EqualTo((5, 9, 1)));

            Assert.That((metrics.Protocol, metrics.Compression, metrics.Timeout.Seconds, metrics.MaxRequestSize), Is.EqualTo(("http", "gzip", 3, 1000)));
            Assert.That(metrics.Headers.Keys, Is.EqualTo(new[] { "a" }));
            Assert.That((metrics.Tls.CertFile, metrics.Tls.KeyFile, metrics.Tls.InsecureSkipVerify), Is.EqualTo(("cert", "key", true)));
            Assert.That(metrics.Retry.InitialInterval.Seconds, Is.EqualTo(1));
        });
    }

    [Test]
    public void Makes_a_header_of_Grafana_Cloud_credentials_unless_one_is_set()
    {
        var options = new OtlpOptions { GrafanaCloud = { InstanceId = "123", Token = new Secret("glc_x") } };
        var own = new OtlpOptions { GrafanaCloud = options.GrafanaCloud, Headers = Headers("authorization", "Bearer y") };

        Assert.That(OtlpTarget.Resolve(options, OtlpSignal.Logs)!.Headers["Authorization"].Reveal(), Is.EqualTo("Basic MTIzOmdsY194"));
        Assert.That(OtlpTarget.Resolve(own, OtlpSignal.Logs)!.Headers["Authorization"].Reveal(), Is.EqualTo("Bearer y"));
    }

    [Test]
    public void Is_nowhere_when_the_signal_is_off() =>
        Assert.That(OtlpTarget.Resolve(new OtlpOptions { Logs = { Enabled = false } }, OtlpSignal.Logs), Is.Null);

    [TestCase(OtlpChoice.Http, "https://h/x?api_key=k", "http https://h/x/v1/logs")]
    [TestCase(OtlpChoice.Grpc, "h:4317", "grpc https://h:4317")]
    [TestCase(OtlpChoice.Stdout, "h:4317", "standard output")]
    public void Says_where_it_goes_without_what_may_be_a_key(string protocol, string endpoint, string expected) =>
        Assert.That(OtlpTarget.Resolve(new OtlpOptions { Protocol = protocol, Endpoint = endpoint }, OtlpSignal.Logs)!.Place, Is.EqualTo(expected));

    static Dictionary<string, Secret> Headers(string name, string value) => new() { [name] = new Secret(value) };
}
