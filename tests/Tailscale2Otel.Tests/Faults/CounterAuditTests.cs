using OpenTelemetry.Proto.Collector.Metrics.V1;
using OpenTelemetry.Proto.Metrics.V1;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Faults;

/// <summary>A measuring instrument is tested before anything is measured with it.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CounterAuditTests
{
    readonly CounterAudit _audit = new("flows");
    int _requests;

    [Test]
    public void Adds_up_the_last_value_of_each_process()
    {
        Export(1, 10);
        Export(1, 30);
        Export(2, 12);

        Assert.That(_audit.Total, Is.EqualTo(42));
        _audit.AssertHolds(42);
    }

    [Test]
    public void Sees_what_was_forgotten()
    {
        Export(1, 10);

        Assert.That(() => _audit.AssertHolds(11), Throws.TypeOf<AssertionException>().With.Message.Contains("forgot"));
    }

    [Test]
    public void Allows_again_what_the_last_export_before_a_kill_carried_and_no_more()
    {
        Export(1, 10);
        Export(1, 17);
        _audit.Kill(1);
        Export(2, 7);

        _audit.AssertHolds(17);
        Assert.That(() => _audit.AssertHolds(16), Throws.TypeOf<AssertionException>().With.Message.Contains("counted more again"));
    }

    [Test]
    public void Allows_nothing_again_after_an_orderly_end()
    {
        Export(1, 10);
        Export(2, 1);

        Assert.That(() => _audit.AssertHolds(10), Throws.TypeOf<AssertionException>().With.Message.Contains("counted more again"));
    }

    [Test]
    public void Allows_again_what_exports_without_an_answer_carried()
    {
        Export(1, 10);
        _audit.LoseAnswer(Export(1, 15));
        _audit.LoseAnswer(Export(1, 18));
        Export(2, 8);

        _audit.AssertHolds(18);
        Assert.That(() => _audit.AssertHolds(17), Throws.TypeOf<AssertionException>().With.Message.Contains("counted more again"));
    }

    [Test]
    public void Sees_a_counter_that_falls()
    {
        Export(1, 10);
        Export(1, 9);

        Assert.That(() => _audit.AssertHolds(9), Throws.TypeOf<AssertionException>().With.Message.Contains("fell from 10 to 9"));
    }

    [Test]
    public void Sees_a_counter_that_is_none()
    {
        Export(1, 10, AggregationTemporality.Delta);

        Assert.That(() => _audit.AssertHolds(10), Throws.TypeOf<AssertionException>().With.Message.Contains("not a cumulative counter"));
    }

    OtlpRequest Export(int lifetime, long value, AggregationTemporality temporality = AggregationTemporality.Cumulative)
    {
        var metric = new Metric
        {
            Name = "flows",
            Sum = new Sum { IsMonotonic = true, AggregationTemporality = temporality, DataPoints = { new NumberDataPoint { AsInt = value, StartTimeUnixNano = (ulong)lifetime } } },
        };
        var request = SomeRequest.Of(_requests++, lifetime) with
        {
            Metrics = new ExportMetricsServiceRequest { ResourceMetrics = { new ResourceMetrics { ScopeMetrics = { new ScopeMetrics { Metrics = { metric } } } } } },
        };
        _audit.Keep(request);
        return request;
    }
}
