using Tailscale2Otel.Ingest.Hec;
using Tailscale2Otel.Ingest.LogStream;

namespace Tailscale2Otel.Hosting.Polling;

/// <summary>Tells Tailscale to stream here, once the receiver listens: it may come within seconds.</summary>
sealed class StreamWorker(AutoConfigure configure, HecOptions options, ApiClients clients, IHostApplicationLifetime lifetime) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var targets = StreamTargets.Of(options, clients);
        if (targets.Count == 0)
            return;

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lifetime.ApplicationStopping);
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var onStart = lifetime.ApplicationStarted.Register(() => started.TrySetResult());
        await using var onStop = stop.Token.Register(() => started.TrySetCanceled());
        try
        {
            await started.Task;
        }
        catch (OperationCanceledException)
        {
            return;
        }

        await configure.RunAsync(targets, stop.Token);
    }
}
