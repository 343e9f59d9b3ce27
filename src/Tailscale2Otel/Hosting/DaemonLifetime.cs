namespace Tailscale2Otel.Hosting;

/// <summary>The command line owns the signals; the host neither waits for them nor acts on them.</summary>
sealed class DaemonLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
