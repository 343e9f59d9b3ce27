using System.Text;
using Tailscale2Otel.Hosting.Redelivery;
using Tailscale2Otel.Model;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Hosting.Redelivery;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
sealed class RedeliveryHostTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly List<RedeliveredRecord> _settled = [];

    public void Dispose() => _folder.Dispose();

    [Test]
    public async Task Maps_and_delivers_as_the_daemon_does()
    {
        await using var backend = await OtlpReceiver.StartAsync();
        var config = DaemonVariables.Load(_folder.Path, ("OTLP__ENDPOINT", backend.HttpEndpoint.ToString()));
        await using var host = await RedeliveryHost.OpenAsync(config, null, TextWriter.Null, _settled.Add);
        await host.Redeliverer.AddAsync(Event(), CancellationToken.None);

        Assert.That(await host.Redeliverer.CompleteAsync(CancellationToken.None));
        var attributes = OtlpValues.ToText(backend.LogRecords.Single().Attributes);
        Assert.That(attributes["tailscale2otel.replayed"], Is.EqualTo("True"));
        Assert.That(attributes["log.record.uid"], Has.Length.EqualTo(32));
        Assert.That(_settled.Single().Outcome, Is.EqualTo(RedeliveryOutcome.Sent));
        Assert.That(host.Target, Does.Contain(backend.HttpEndpoint.Authority));
        Assert.That(Directory.GetFileSystemEntries(_folder.Path), Is.Empty, "no spool, no deduplication window");
    }

    [Test]
    public async Task Writes_to_standard_output_where_that_is_the_backend()
    {
        var output = new StringWriter();
        var config = DaemonVariables.Load(_folder.Path, ("OTLP__PROTOCOL", "stdout"));
        await using var host = await RedeliveryHost.OpenAsync(config, null, output, _settled.Add);
        await host.Redeliverer.AddAsync(Event(), CancellationToken.None);

        Assert.That(await host.Redeliverer.CompleteAsync(CancellationToken.None));
        Assert.That(output.ToString(), Does.Contain("tailscale2otel.replayed=true"));
    }

    [Test]
    public void A_certificate_that_cannot_be_read_stops_it()
    {
        File.WriteAllText(_folder.File("ca.pem"), "not a certificate");
        var config = DaemonVariables.Load(_folder.Path, ("OTLP__TLS__CA_FILE", _folder.File("ca.pem")));

        Assert.That(async () => await RedeliveryHost.OpenAsync(config, null, TextWriter.Null, _settled.Add), Throws.InvalidOperationException);
    }

    static RawRecord Event() => new()
    {
        Position = new SpoolPosition(1),
        Next = new SpoolPosition(2),
        Source = RecordSource.Stream,
        Signal = RecordSignal.StreamEvent,
        Tailnet = "example.com",
        ReceivedAt = 5,
        Payload = Encoding.UTF8.GetBytes("""{"a":1}"""),
    };
}
