using Tailscale2Otel.Model;

namespace Tailscale2Otel.Ingest.Hec;

/// <summary>Who expects records from the stream has to listen.</summary>
sealed class StreamSourceRule : IOptionsRule
{
    public IEnumerable<string> Failures(OptionsSet options)
    {
        if (options.Get<HecOptions>().Enabled)
            yield break;

        foreach (var key in (string[])["collectors.flowlogs.source", "collectors.auditlogs.source"])
        {
            if (options.Written(key) is "stream" or "both")
                yield return $"{key}: needs streaming.enabled: true, or no record comes in by the stream";
        }
    }
}
