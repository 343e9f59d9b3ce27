using OpenTelemetry.Proto.Collector.Logs.V1;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Logs.V1;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Faults;

/// <summary>A measuring instrument is tested before anything is measured with it.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class DeliveryAuditTests
{
    const int MaxInFlight = 2;

    readonly SentRecords _sent = new();
    readonly DeliveryAudit _audit;
    int _requests;

    public DeliveryAuditTests()
    {
        _audit = new DeliveryAudit(_sent, MaxInFlight);
        _sent.Post(Enumerable.Range(0, 100));
        _sent.Acknowledge(Enumerable.Range(0, 10));
    }

    [Test]
    public void Is_content_when_all_came_once_and_some_that_were_not_acknowledged()
    {
        Keep(1, Enumerable.Range(0, 20));

        _audit.AssertHolds();
        Assert.That((_audit.Arrived, _audit.Repeats), Is.EqualTo((20, 0)));
    }

    [Test]
    public void Sees_a_loss()
    {
        Keep(1, Enumerable.Range(0, 9));

        AssertComplaint("record 9 was acknowledged and did not arrive");
    }

    [Test]
    public void Does_not_wait_for_what_the_backend_refuses_and_sees_when_it_came_all_the_same()
    {
        _audit.Refuse([9]);
        Keep(1, Enumerable.Range(0, 9));
        _audit.AssertHolds();

        Keep(1, [9]);

        AssertComplaint("record 9 was refused and arrived");
    }

    [Test]
    public void Sees_what_nobody_sent()
    {
        Keep(1, [.. Enumerable.Range(0, 10), 100]);

        AssertComplaint("record 100 arrived and was never sent");
    }

    [Test]
    public void Sees_a_record_twice_within_a_lifetime()
    {
        Keep(1, Enumerable.Range(0, 10));
        Keep(1, [3]);
        _audit.Kill(1);

        AssertComplaint("uid3 came in request 0 of process 1 and again in request 1 of process 1");
    }

    [Test]
    public void Sees_a_record_again_after_an_orderly_end()
    {
        Keep(1, Enumerable.Range(0, 10));
        Keep(2, [3]);

        AssertComplaint("uid3 came in request 0 of process 1");
    }

    [Test]
    public void Allows_again_what_was_in_flight_at_a_kill()
    {
        Keep(1, Enumerable.Range(0, 5));
        Keep(1, Enumerable.Range(5, 5));
        _audit.Kill(1);
        Keep(2, Enumerable.Range(0, 10));

        _audit.AssertHolds();
        Assert.That(_audit.Repeats, Is.EqualTo(10));
    }

    [Test]
    public void Sees_again_what_was_sent_long_before_a_kill()
    {
        for (var i = 0; i < 10; i++)
            Keep(1, [i]);
        _audit.Kill(1);
        Keep(2, [6]);

        AssertComplaint("uid6 came in request 6 of process 1");
    }

    [Test]
    public void Sees_more_requests_again_than_can_be_in_flight()
    {
        for (var i = 0; i < 10; i++)
            Keep(1, [i]);
        _audit.Kill(1);
        Keep(2, [7, 8, 9]);

        AssertComplaint("process 1: 3 requests came again, 2 can be in flight");
    }

    [Test]
    public void Allows_again_what_lost_its_answer()
    {
        var lost = Keep(1, Enumerable.Range(0, 10));
        _audit.LoseAnswer(lost);
        Keep(1, Enumerable.Range(0, 10));

        _audit.AssertHolds();
    }

    [Test]
    public void Takes_a_request_that_is_read_late_for_the_earlier_one()
    {
        Keep(2, Enumerable.Range(0, 10));
        _audit.Kill(1);
        Keep(1, Enumerable.Range(0, 10));
        _audit.AssertHolds();

        Keep(3, [0]);

        AssertComplaint("uid0 came in request 0 of process 2");
    }

    [Test]
    public void Sees_another_uid_and_another_content()
    {
        Keep(1, Enumerable.Range(0, 10));
        _audit.Kill(1);
        Keep(2, [1], uid: _ => "other");
        Keep(2, [2], body: "other");

        AssertComplaint("record 1 arrived as uid1 and as other");
        AssertComplaint("uid2 is record 2 in request 0 of process 1 and something else in request 1 of process 2");
    }

    OtlpRequest Keep(int lifetime, IEnumerable<int> sequences, Func<int, string>? uid = null, string body = "")
    {
        var logs = sequences.Select(s => new LogRecord
        {
            Body = new AnyValue { StringValue = body },
            Attributes =
            {
                new KeyValue { Key = "log.record.uid", Value = new AnyValue { StringValue = uid?.Invoke(s) ?? $"uid{s}" } },
                new KeyValue { Key = "tailscale.flow.window.start", Value = new AnyValue { StringValue = $"2026-07-27T12:00:00.{s:D8}7Z" } },
            },
        });
        var request = SomeRequest.Of(_requests++, lifetime) with
        {
            Logs = new ExportLogsServiceRequest { ResourceLogs = { new ResourceLogs { ScopeLogs = { new ScopeLogs { LogRecords = { logs } } } } } },
        };
        _audit.Keep(request);
        return request;
    }

    void AssertComplaint(string text) => Assert.That(_audit.AssertHolds, Throws.TypeOf<AssertionException>().With.Message.Contains(text));
}
