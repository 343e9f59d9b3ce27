using OpenTelemetry.Proto.Collector.Logs.V1;
using Tailscale2Otel.Export.Otlp.Wire;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Export.Otlp.Wire;

sealed class LogEnvelopeTests
{
    /// <summary>A record without any field.</summary>
    static readonly byte[] EmptyRecord = [0x12, 0x00];

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(20)]
    [TestCase(60)]
    [TestCase(8_000)]
    [TestCase(1_100_000)]
    public void Fits_before_records_of_any_size(int records)
    {
        var envelope = new LogEnvelope([new("a", "ä"), new("n", -1L)], "scope", "1.0");
        var bytes = Enumerable.Repeat(EmptyRecord, records).SelectMany(b => b).ToArray();

        var head = envelope.Head(bytes.Length);
        var scope = ExportLogsServiceRequest.Parser.ParseFrom([.. head, .. bytes]).ResourceLogs.Single().ScopeLogs.Single();

        Assert.That(head, Has.Length.LessThanOrEqualTo(envelope.MaxHead));
        Assert.That((scope.LogRecords.Count, scope.Scope.Name, scope.Scope.Version), Is.EqualTo((records, "scope", "1.0")));
    }

    [Test]
    public void Holds_the_resource()
    {
        var head = new LogEnvelope([new("a", "ä"), new("n", -1L)], "scope", "1.0").Head(0);

        var resource = ExportLogsServiceRequest.Parser.ParseFrom(head).ResourceLogs.Single().Resource;
        Assert.That(resource.Attributes.Select(a => (a.Key, OtlpValues.Plain(a.Value))), Is.EqualTo(new (string, object?)[] { ("a", "ä"), ("n", -1L) }));
    }
}
