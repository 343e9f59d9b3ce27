using System.Text;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tests.Architecture;

/// <summary>docs/log-events.md, written from what was seen of each event.</summary>
sealed class LogEventsPage
{
    public const string Path = "docs/log-events.md";

    static readonly string WebhookPrefix = LogAttributes.WebhookEvent.Text.Replace("<type>", "", StringComparison.Ordinal);

    readonly IReadOnlyList<LogEvent> _events;
    readonly HashSet<string> _common;
    readonly StringBuilder _page = new();

    LogEventsPage(IReadOnlyList<LogEvent> events)
    {
        _events = events;
        _common = Common(events);
    }

    /// <summary>The names of <see cref="LogAttributes"/>; an attribute with another is the sender's.</summary>
    public static IReadOnlySet<string> Declared { get; } = SignalsDocumentTests.DeclaredLogNames.ToHashSet(StringComparer.Ordinal);

    public static HashSet<string> Common(IReadOnlyList<LogEvent> events) =>
        [.. events.Select(e => e.Attributes.Keys.AsEnumerable()).Aggregate((a, b) => a.Intersect(b))];

    public static string Of(IReadOnlyList<LogEvent> events) => new LogEventsPage(events).Write();

    public static bool IsWebhook(LogEvent e) => e.Name.StartsWith(WebhookPrefix, StringComparison.Ordinal);

    string Write()
    {
        _page.Append($"""
            # Every log event

            Written from the log records that the daemon's own parts make of samples with everything in them
            (`{MetricsPage.Update}=1 dotnet test --filter LogEventsTests`); a test compares, and finds an attribute of the code that no sample
            has. What each means, when it is there and which time a record has: [signals](signals.md#log-records).

            | log event | severity | body |
            | --- | --- | --- |

            """);
        foreach (var e in _events)
            Row($"`{e.Name}`", Words(e.Severities), Words(e.Bodies));

        Section("Attributes of every event", "attribute", "type");
        foreach (var key in _common.Order(StringComparer.Ordinal))
            Row($"`{key}`", Words(_events.SelectMany(e => e.Attributes[key].Types)));

        foreach (var e in _events.Where(e => !IsWebhook(e)))
            WriteEvent(e);
        WriteWebhooks();
        return _page.ToString();
    }

    void WriteEvent(LogEvent e)
    {
        var own = e.Attributes.Where(a => !_common.Contains(a.Key)).ToList();
        var depends = own.Select(a => Words(a.Value.Modes)).Distinct().Count() > 1;
        Section($"`{e.Name}`", depends ? ["attribute", "type", "`collectors.flowlogs.log_mode`"] : ["attribute", "type"]);
        foreach (var (key, seen) in own.Where(a => Declared.Contains(a.Key)))
            Row(depends ? [$"`{key}`", Words(seen.Types), Words(seen.Modes.Select(m => $"`{m}`"))] : [$"`{key}`", Words(seen.Types)]);

        var senders = own.Where(a => !Declared.Contains(a.Key)).SelectMany(a => a.Value.Types).ToList();
        if (senders.Count > 0)
            Row("each of the envelope's `fields`, under its name", Words(senders));
    }

    /// <summary>They share their attributes, so that a table of which has which is shorter than a section of each.</summary>
    void WriteWebhooks()
    {
        var webhooks = _events.Where(IsWebhook).ToList();
        Section($"`{LogAttributes.WebhookEvent}`", "attribute", "type", "types of event");
        foreach (var key in webhooks.SelectMany(e => e.Attributes.Keys).Distinct().Where(k => !_common.Contains(k)).Order(StringComparer.Ordinal))
        {
            var having = webhooks.Where(e => e.Attributes.ContainsKey(key)).ToList();
            Row(
                $"`{key}`",
                Words(having.SelectMany(e => e.Attributes[key].Types)),
                having.Count == webhooks.Count ? "all" : Words(having.Select(e => $"`{e.Name[WebhookPrefix.Length..]}`")));
        }
    }

    void Section(string title, params string[] columns)
    {
        _page.Append($"\n## {title}\n\n");
        Row(columns);
        Row([.. columns.Select(_ => "---")]);
    }

    void Row(params string[] cells) => _page.Append($"| {string.Join(" | ", cells)} |\n");

    static string Words(IEnumerable<string> words) => string.Join(", ", words.Distinct().Order(StringComparer.Ordinal));
}
