using Tailscale2Otel.Model;

namespace Tailscale2Otel.Spool;

/// <summary>One append on its way through the writer.</summary>
sealed class PendingAppend
{
    readonly TaskCompletionSource<AppendResult> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PendingAppend(SpoolAppend batch)
    {
        batch.Hold();
        Batch = batch;
        Bytes = batch.Bytes;
    }

    public SpoolAppend Batch { get; }

    public long Bytes { get; }

    public Task<AppendResult> Task => _done.Task;

    public void Complete(AppendOutcome outcome, long end = 0)
    {
        Batch.Release();
        _done.SetResult(new AppendResult(outcome, new SpoolPosition(outcome == AppendOutcome.Durable ? end : 0)));
    }
}
