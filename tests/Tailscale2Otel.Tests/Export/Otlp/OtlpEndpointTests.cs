using Tailscale2Otel.Export.Otlp;

namespace Tailscale2Otel.Tests.Export.Otlp;

sealed class OtlpEndpointTests
{
    [TestCase("http", "", false, "http://localhost:4318/")]
    [TestCase("grpc", "", false, "http://localhost:4317/")]
    [TestCase("http", "http://c:4318", false, "http://c:4318/")]
    [TestCase("http", "https://c/otlp", true, "https://c/otlp")]
    [TestCase("grpc", "c:4317", false, "https://c:4317/")]
    [TestCase("grpc", "c:4317", true, "http://c:4317/")]
    [TestCase("grpc", "[fd7a::1]:4317", true, "http://[fd7a::1]:4317/")]
    [TestCase("grpc", "http://c:4317", false, "http://c:4317/")]
    [TestCase("grpc", "https://c:4317/", true, "https://c:4317/")]
    public void Takes(string protocol, string text, bool insecure, string expected)
    {
        Assert.That(OtlpEndpoint.TryParse(text, protocol, insecure, out var uri, out _), Is.True);
        Assert.That(uri, Is.EqualTo(new Uri(expected)));
    }

    [TestCase("http", "c:4318", "scheme and host")]
    [TestCase("http", "ftp://c", "scheme and host")]
    [TestCase("http", "/v1/logs", "scheme and host")]
    [TestCase("http", "http://", "scheme and host")]
    [TestCase("http", "http://user:secret@c", "user:password@")]
    [TestCase("http", "http://c/#x", "fragment")]
    [TestCase("grpc", "http://c/path", "no path")]
    [TestCase("grpc", "c:4317/path", "no path")]
    [TestCase("grpc", "user:secret@c:4317", "user:password@")]
    [TestCase("grpc", "c:port", "host:port")]
    public void Refuses(string protocol, string text, string problem)
    {
        Assert.That(OtlpEndpoint.TryParse(text, protocol, false, out var uri, out var said), Is.False);
        Assert.That((uri, said), Is.EqualTo(((Uri?)null, said)));
        Assert.That(said, Does.Contain(problem).And.Not.Contains("secret"));
    }

    [TestCase("http://c:4318", "http://c:4318/v1/logs")]
    [TestCase("http://c/otlp", "http://c/otlp/v1/logs")]
    [TestCase("http://c/otlp/", "http://c/otlp/v1/logs")]
    [TestCase("http://c/otlp?tenant=a", "http://c/otlp/v1/logs?tenant=a")]
    public void Appends_the_path_of_the_signal(string endpoint, string expected) =>
        Assert.That(OtlpEndpoint.Append(new Uri(endpoint), "v1/logs"), Is.EqualTo(new Uri(expected)));
}
