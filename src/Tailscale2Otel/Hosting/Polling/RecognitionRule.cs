using System.Globalization;
using Tailscale2Otel.Ingest.Poll;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing.Deduplication;

namespace Tailscale2Otel.Hosting.Polling;

/// <summary>What polling asks for again has to be recognised when it comes.</summary>
sealed class RecognitionRule : IOptionsRule
{
    public IEnumerable<string> Failures(OptionsSet options)
    {
        var window = options.Get<DeduplicationOptions>().Window;
        (string Section, LogPollOptions Options)[] logs = [(FlowPollOptions.Section, options.Get<FlowPollOptions>()), (AuditPollOptions.Section, options.Get<AuditPollOptions>())];
        foreach (var (section, log) in logs.Where(l => l.Options.IsPolled))
        {
            var repeated = log.Lag + log.ReplayOverlap + log.Interval;
            if (window > repeated)
                continue;
            yield return string.Create(CultureInfo.InvariantCulture, $"deduplication.window: longer than lag + replay_overlap + interval of {section} ({repeated:c}), or what is asked for again is delivered twice");
        }
    }
}
