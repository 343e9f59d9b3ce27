namespace Tailscale2Otel.Ingest.Poll;

/// <summary>What every log poller counts on and tells the time by.</summary>
sealed record PollInstruments(PollMetrics Metrics, TimeProvider Time);
