using Tailscale2Otel.Demo;

namespace Tailscale2Otel.Tests.Demo;

[TestFixture]
public sealed class DemoTotalsTests
{
    static readonly PublisherCounts Sent = PublisherCounts.None with { Records = 70, Repeated = 7, Requests = 3 };
    static readonly PublisherCounts Webhooks = PublisherCounts.None with { Records = 30, Repeated = 3, Requests = 1 };
    static readonly DemoCounts Counts = new(In: 100, Out: 88, Duplicates: 10, DeadLetters: 2, LogRecords: 400);

    static IEnumerable<TestCaseData> Disagreements =>
    [
        new TestCaseData(Sent, Counts with { Out = 87 }, "1 records are still in the spool"),
        new TestCaseData(Sent, Counts with { Out = 89 }, "1 records more were accounted for"),
        new TestCaseData(Sent with { Records = 71 }, Counts, "1 acknowledged records are not in the spool"),
        new TestCaseData(Sent with { Records = 69 }, Counts, "1 records are in the spool that nobody sent"),
        new TestCaseData(Sent with { Refused = 5, Problem = "the receiver answered 403" }, Counts, "5 records were refused: the receiver answered 403"),
    ];

    [Test]
    public void What_was_refused_of_the_webhooks_counts_too() =>
        Assert.That(new DemoTotals(Sent, Webhooks with { Refused = 1, Problem = "the receiver answered 401" }, Counts).Lines(), Has.Some.Contains("PROBLEM: 1 records were refused: the receiver answered 401"));

    [Test]
    public void Sums_that_agree_are_shown_as_an_equation()
    {
        var totals = new DemoTotals(Sent, Webhooks, Counts);

        Assert.That(totals.Agree);
        Assert.That(totals.Lines().Last(), Is.EqualTo("  in 100 = out 88 + duplicates 10 + dead letters 2: the totals agree"));
        Assert.That(totals.Lines(), Has.None.Contains("PROBLEM"));
        Assert.That(totals.Lines(), Has.Some.EqualTo("  streamed               70 records acknowledged in 3 requests, 7 of them sent again on purpose")
            .And.Some.EqualTo("  webhooks               30 events acknowledged in 1 signed deliveries, 3 of them sent again on purpose"));
    }

    [TestCaseSource(nameof(Disagreements))]
    public void Sums_that_do_not_agree_say_where(object sent, object counts, string problem)
    {
        var totals = new DemoTotals((PublisherCounts)sent, Webhooks, (DemoCounts)counts);

        Assert.That(totals.Agree, Is.False);
        Assert.That(totals.Lines(), Has.Some.Contains("PROBLEM: " + problem));
        Assert.That(totals.Lines().Last(), Does.Contain("NOT"));
    }

    [TestCase(0, true)]
    [TestCase(40, true)]
    [TestCase(41, false)]
    public void What_was_polled_is_at_most_what_the_API_answered(long polled, bool agrees)
    {
        var totals = new DemoTotals(Sent, Webhooks, Counts with { In = 100 + polled, Duplicates = 10 + polled, Polled = polled }, Polls: 40);

        Assert.That(totals.Agree, Is.EqualTo(agrees));
        Assert.That(totals.Lines(), Has.Some.Contains($" {polled} records of the 40 in the API's answers"));
        Assert.That(totals.Lines().Any(l => l.Contains("PROBLEM: 1 records are in the spool as polled", StringComparison.Ordinal)), Is.EqualTo(!agrees));
        Assert.That(new DemoTotals(Sent, Webhooks, Counts).Lines(), Has.None.Contains("API"));
    }

    [Test]
    public void What_was_polled_does_not_stand_in_for_what_was_sent()
    {
        var totals = new DemoTotals(Sent, Webhooks, Counts with { Polled = 1 }, Polls: 40);

        Assert.That(totals.Lines(), Has.Some.Contains("PROBLEM: 1 acknowledged records are not in the spool"));
        Assert.That(totals.Agree, Is.False);
    }

    [Test]
    public void Retries_are_told_when_there_were_some() =>
        Assert.That(new DemoTotals(Sent with { Retries = 2 }, Webhooks, Counts).Lines().Count(l => l.EndsWith(", 2 retries", StringComparison.Ordinal)), Is.EqualTo(1));

    [TestCase(100, true)]
    [TestCase(130, true)]
    [TestCase(131, false)]
    public void An_attempt_without_an_answer_may_have_arrived_or_not(long received, bool agrees)
    {
        var totals = new DemoTotals(Sent with { Unanswered = 20 }, Webhooks with { Unanswered = 10 }, Counts with { In = received, Duplicates = received - 90 });

        Assert.That(totals.Agree, Is.EqualTo(agrees));
    }
}
