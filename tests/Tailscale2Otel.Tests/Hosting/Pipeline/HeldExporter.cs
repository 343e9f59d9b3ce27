using System.Threading.Channels;
using Tailscale2Otel.Export;

namespace Tailscale2Otel.Tests.Hosting.Pipeline;

/// <summary>A backend whose answers the test gives, batch by batch.</summary>
sealed class HeldExporter(Changes changes) : ILogExporter
{
    readonly Channel<HeldDelivery> _deliveries = Channel.CreateUnbounded<HeldDelivery>();
    int _underWay;

    /// <summary>Accepts at once instead of waiting for the test.</summary>
    public bool AcceptsAll { get; set; }

    /// <summary>What the exporter itself throws.</summary>
    public Exception? Bug { get; set; }

    /// <summary>Batches that have no answer yet.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    public LogBatch Rent() => new HeldBatch(changes);

    public async Task<DeliveryResult> DeliverAsync(LogBatch batch, Func<RefusedRecord, ValueTask> refused, CancellationToken cancellation)
    {
        if (Bug is { } bug)
            throw bug;

        var delivery = new HeldDelivery((HeldBatch)batch, refused);
        Interlocked.Increment(ref _underWay);
        changes.Note($"offered {string.Join(',', delivery.Bodies)}");
        _deliveries.Writer.TryWrite(delivery);
        if (AcceptsAll)
            delivery.Accept();
        try
        {
            return await delivery.Answer.WaitAsync(cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
            changes.Note("answered");
        }
    }

    /// <summary>The next batch, in order of arrival.</summary>
    public async Task<HeldDelivery> NextAsync()
    {
        using var patience = new CancellationTokenSource(Changes.Patience);
        return await _deliveries.Reader.ReadAsync(patience.Token);
    }
}
