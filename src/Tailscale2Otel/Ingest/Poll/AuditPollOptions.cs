using Tailscale2Otel.Model;

namespace Tailscale2Otel.Ingest.Poll;

/// <summary>How configuration audit logs are asked for.</summary>
[ConfigSection(Section)]
sealed class AuditPollOptions : LogPollOptions, IConfigSection
{
    public const string Section = "collectors.auditlogs";

    public AuditPollOptions() => MaxWindow = TimeSpan.FromHours(6);
}
