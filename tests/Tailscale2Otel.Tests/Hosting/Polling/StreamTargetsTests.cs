using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Tailscale2Otel.Hosting.Polling;
using Tailscale2Otel.Ingest.Hec;
using Tailscale2Otel.Model;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Tests.Hosting.Polling;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class StreamTargetsTests : IDisposable
{
    readonly Meter _meter = new("test");
    readonly ApiClients _clients;

    public StreamTargetsTests() => _clients = new ApiClients(new[] { "one.example", "two.example" }.Select(Client));

    public void Dispose()
    {
        _clients.Dispose();
        _meter.Dispose();
    }

    [Test]
    public void Nothing_is_told_unless_it_is_asked_for()
    {
        Assert.That(StreamTargets.Of(new HecOptions { Enabled = true, PublicUrl = "https://logs.example.com/" }, _clients), Is.Empty);
        Assert.That(StreamTargets.Of(new HecOptions { Enabled = false, AutoConfigure = true }, _clients), Is.Empty);
    }

    [Test]
    public void The_first_token_is_the_one_that_Tailscale_gets()
    {
        var options = new HecOptions
        {
            Enabled = true,
            AutoConfigure = true,
            AutoConfigureOverwrite = true,
            PublicUrl = "https://LOGS.example.com/services/collector/event",
            Token = [new Secret("new"), new Secret("old")],
        };

        var target = StreamTargets.Of(options, _clients).Single();

        Assert.That(target.Wanted with { CompressionFormat = "" }, Is.EqualTo(new LogStreamSink("splunk", options.PublicUrl, "tailscale2otel", new Secret("new"))));
        Assert.That((target.Key, target.Tailnet, target.Overwrite, target.Receiver.Path, target.Receiver.Listen?.Port), Is.EqualTo(("streaming", "one.example", true, options.Path, 8088)));
    }

    [Test]
    public void A_route_tells_its_own_tailnet_its_own_path_and_token()
    {
        var options = new HecOptions
        {
            Enabled = true,
            Routes =
            [
                new HecRouteOptions { Tailnet = "one.example", Token = [new Secret("1")], PublicUrl = "https://logs.example.com/one" },
                new HecRouteOptions { Tailnet = "two.example", Path = "/two", Token = [new Secret("2")], PublicUrl = "https://logs.example.com/two", AutoConfigure = true },
            ],
        };

        var target = StreamTargets.Of(options, _clients).Single();

        Assert.That((target.Key, target.Tailnet, target.Wanted.Token?.Reveal(), target.Receiver.Path), Is.EqualTo(("streaming.routes[1]", "two.example", "2", "/two")));
    }

    [TestCase("Auto", true, "zstd")]
    [TestCase("Auto", false, "gzip")]
    [TestCase("Gzip", true, "gzip")]
    [TestCase("Zstd", true, "zstd")]
    [TestCase("None", true, "none")]
    public void Bodies_come_in_the_form_that_the_receiver_takes(string decompress, bool hasZstd, string expected) =>
        Assert.That(StreamTargets.Compression(Enum.Parse<HecDecompression>(decompress), hasZstd), Is.EqualTo(expected));

    TailscaleClient Client(string name) => new(
        new TailnetSettings(name, name, new Uri("http://127.0.0.1:1"), new ApiAuthOptions(), new ApiHttpOptions(), 1, 1), _meter, TimeProvider.System, NullLogger<TailscaleClient>.Instance);
}
