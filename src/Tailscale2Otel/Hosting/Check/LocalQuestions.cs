using System.Diagnostics.Metrics;
using Tailscale2Otel.Admin;
using Tailscale2Otel.Cli;
using Tailscale2Otel.Hosting.Listeners;
using Tailscale2Otel.Ingest.Hec;
using Tailscale2Otel.Ingest.Webhook;
using Tailscale2Otel.Spool;

namespace Tailscale2Otel.Hosting.Check;

/// <summary>What this machine must have. Looks, and disturbs no daemon: no port is bound, no lock is taken, nothing in a spool is opened.</summary>
static class LocalQuestions
{
    public static IEnumerable<CheckQuestion> Ask(CheckArguments arguments, Meter meter, TimeProvider time)
    {
        var config = arguments.Config;
        var (hec, webhook, admin) = (config.Get<HecOptions>(), config.Get<WebhookOptions>(), config.Get<AdminOptions>());
        var place = new SpoolPlace(config.Get<SpoolOptions>(), name => arguments.Environment.GetValueOrDefault(name));
        var receivers = new ReceiverCheck(new CertificateMetrics(meter), time);
        // A dead disk does not answer at all, and then the others must go on.
        return
        [
            Question("spool", "spool directory", place.Directory),
            Question("disk_space", "free disk space", place.Space),
            Question("streaming", "log stream receiver", () => receivers.Of("streaming", hec.Enabled, hec.Listen, hec.Path, hec.Tls, ("token", hec.Token.Count > 0 || hec.Routes.Count > 0))),
            Question("webhook", "webhook receiver", () => receivers.Of("webhook", webhook.Enabled, webhook.Listen, webhook.Path, webhook.Tls, ("secret", webhook.Secret.Count > 0 || webhook.Routes.Count > 0))),
            Question("admin", "admin listener", () => receivers.Of("admin", admin.Enabled, admin.Listen, "", admin.Tls, null)),
        ];
    }

    static CheckQuestion Question(string id, string what, Func<CheckFinding> look) =>
        new(CheckPart.Local, id, what, Task.Factory.StartNew(look, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
}
