namespace Tailscale2Otel.Ingest.Poll.Releases;

/// <summary>Asks for the latest stable release of the client. One that was learnt stays until there is another.</summary>
/// <param name="take">Gets the version; false when it is none.</param>
sealed class ReleasePoller(TimeSpan interval, Func<CancellationToken, Task<(string Version, PollFailure? Failure)>> ask, Func<string, bool> take) : IPoller
{
    public string Collector => "version_check";

    public string Tailnet => "";

    public TimeSpan Interval => interval;

    public async Task<PollResult> PollAsync(CancellationToken cancellation)
    {
        var (version, failure) = await ask(cancellation);
        if (failure is null && !take(version))
            failure = new PollFailure("transient_failure", "What version_checks.devices.url answered as the latest release is no version. Check the address, or set version_checks.devices.enabled: false");
        return failure is null ? PollResult.Done : PollResult.Failed(failure);
    }
}
