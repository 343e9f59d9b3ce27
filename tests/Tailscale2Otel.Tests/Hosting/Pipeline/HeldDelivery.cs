using Tailscale2Otel.Export;

namespace Tailscale2Otel.Tests.Hosting.Pipeline;

/// <summary>A batch that is with the backend until the test answers for it.</summary>
sealed class HeldDelivery(HeldBatch batch, Func<RefusedRecord, ValueTask> refused)
{
    readonly TaskCompletionSource<DeliveryResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public HeldBatch Batch { get; } = batch;

    public IEnumerable<string> Bodies => Batch.Records.Select(r => r.Body);

    public Task<DeliveryResult> Answer => _answer.Task;

    public void Accept() => _answer.SetResult(new DeliveryResult(Batch.Count, 0, 0));

    /// <summary>A partial success.</summary>
    public void AcceptAllBut(int rejected) => _answer.SetResult(new DeliveryResult(Batch.Count - rejected, 0, rejected));

    public void Fail(Exception fault) => _answer.SetException(fault);

    /// <summary>Refuses the log records of one body and accepts the rest.</summary>
    public async Task RefuseAsync(string body, int status, string message)
    {
        var bad = Batch.Records.Where(r => r.Body == body).ToList();
        foreach (var record in bad)
            await refused(new RefusedRecord(record.Position, status, message));
        _answer.SetResult(new DeliveryResult(Batch.Count - bad.Count, bad.Count, 0));
    }
}
