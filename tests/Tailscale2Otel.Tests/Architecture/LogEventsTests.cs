using Tailscale2Otel.Model;
using Tailscale2Otel.Processing.Webhook;

namespace Tailscale2Otel.Tests.Architecture;

/// <summary>docs/log-events.md is what the daemon sends, and docs/signals.md says the same.</summary>
[TestFixture]
public sealed class LogEventsTests
{
    static readonly (string Section, string Event)[] Sections =
    [
        ($"`{LogAttributes.FlowEvent}`", LogAttributes.FlowEvent.Text),
        ($"`{LogAttributes.AuditEvent}`", LogAttributes.AuditEvent.Text),
        ($"`{LogAttributes.StreamEvent}`", LogAttributes.StreamEvent.Text),
        ("Webhook events", LogAttributes.WebhookEvent.Text),
    ];

    IReadOnlyList<LogEvent> _events;

    [OneTimeSetUp]
    public async Task SetUp() => _events = await LogEvents.SeenAsync();

    [Test]
    public async Task The_page_is_what_the_daemon_sends()
    {
        var page = LogEventsPage.Of(_events);
        if (Environment.GetEnvironmentVariable(MetricsPage.Update) is not null)
            await File.WriteAllTextAsync(Path.Combine(SourceTree.Root, LogEventsPage.Path), page);

        Assert.That(SourceTree.Read(LogEventsPage.Path), Is.EqualTo(page), $"write the page anew with {MetricsPage.Update}=1");
    }

    [Test]
    public void Every_event_and_attribute_of_the_code_is_seen()
    {
        var seen = _events.Select(e => e.Name).Concat(_events.SelectMany(e => e.Attributes.Keys)).ToHashSet(StringComparer.Ordinal);

        Assert.That(LogEventsPage.Declared.Except(seen), Is.Empty, $"{nameof(LogEventSample)} has nothing that shows it");
    }

    [Test]
    public void Every_documented_type_of_a_webhook_is_an_event() =>
        Assert.That(WebhookTypes.Documented.Append(WebhookTypes.Other).Select(t => t.EventName.Text).Except(_events.Select(e => e.Name)), Is.Empty);

    [Test]
    public void Only_the_stream_has_attributes_of_the_senders_own() =>
        Assert.That(
            _events.Where(e => e.Attributes.Keys.Any(k => !LogEventsPage.Declared.Contains(k))).Select(e => e.Name),
            Is.EqualTo(new[] { LogAttributes.StreamEvent.Text }));

    [Test]
    public void The_signals_page_has_the_attributes_of_each_event_with_their_types()
    {
        var common = LogEventsPage.Common(_events);
        var documented = Sections.SelectMany(s => SignalsDocument.LogAttributes(s.Section).Select(row => $"{s.Event}: {row}"))
            .Concat(SignalsDocument.LogAttributes("Every log record"));
        // Both kinds of event that tell a change have the key that says which; the page has it once.
        var seen = common.Select(key => $"{key} {TypesOf(_events, key)}")
            .Concat(Sections.SelectMany(s => Own(s.Event, common).Where(row => s.Event != LogAttributes.AuditEvent.Text || !row.Contains(LogAttributes.ChangeId.Text, StringComparison.Ordinal))));

        Assert.That(documented, Is.EquivalentTo(seen));
    }

    /// <summary>Of all types of webhook together.</summary>
    IEnumerable<string> Own(string name, HashSet<string> common)
    {
        var events = _events.Where(e => name == LogAttributes.WebhookEvent.Text ? LogEventsPage.IsWebhook(e) : e.Name == name).ToList();
        return events.SelectMany(e => e.Attributes.Keys).Distinct().Where(k => !common.Contains(k) && LogEventsPage.Declared.Contains(k))
            .Select(key => $"{name}: {key} {TypesOf(events, key)}");
    }

    static string TypesOf(IEnumerable<LogEvent> events, string key) =>
        string.Join(',', events.Where(e => e.Attributes.ContainsKey(key)).SelectMany(e => e.Attributes[key].Types).Distinct());
}
