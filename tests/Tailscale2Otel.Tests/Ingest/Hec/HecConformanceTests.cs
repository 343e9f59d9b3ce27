using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Ingest.Hec;

/// <summary>Every documented case over a real socket: status, code, number of the event at fault, and what was kept.</summary>
public sealed class HecConformanceTests
{
    HecHost _host = null!;

    static IEnumerable<HecCase> Cases => HecCases.All;

    [OneTimeSetUp]
    public async Task StartAsync() => _host = await HecHost.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _host.DisposeAsync();

    [TestCaseSource(nameof(Cases))]
    public async Task Answers_as_documented(HecCase expected)
    {
        _host.Spool.Clear();
        var answer = expected.Send is { } send ? await send(_host) : await _host.SendAsync(expected.Request);
        Assert.That(
            (answer.Status, answer.Code, answer.EventNumber ?? -1, _host.Spool.Records.Count),
            Is.EqualTo((expected.Status, expected.Code, expected.EventNumber, expected.Delivered)),
            answer.Body);
        Assert.That(answer.AckId, Is.Null);
    }

    [Test]
    public void The_table_is_complete()
    {
        var expected = Ids('A', 1, 16).Concat(Ids('E', 1, 51)).Concat(Ids('P', 1, 11)).Concat(Ids('Z', 1, 14)).Concat(Ids('S', 1, 3))
            .Concat(Ids('R', 1, 10)).Concat(Ids('K', 1, 6)).Concat(Ids('H', 1, 6)).Concat(Ids('M', 1, 8));
        Assert.That(expected.Except(HecCases.All.Select(c => c.Id)), Is.Empty);
        Assert.That(HecCases.All.Select(c => c.Id), Is.Unique);
    }

    static IEnumerable<string> Ids(char letter, int from, int count) => Enumerable.Range(from, count).Select(i => $"{letter}{i:00}");
}
