using Tailscale2Otel.Model;

namespace Tailscale2Otel.Export;

/// <summary>Log records on their way to one backend, in order, in pooled memory.</summary>
abstract class LogBatch : LogWriter, IDisposable
{
    /// <summary>Records ended so far.</summary>
    public abstract int Count { get; }

    /// <summary>Bytes that the records take when sent, before compression.</summary>
    public abstract long Bytes { get; }

    /// <summary>Takes back every record behind the first ones, and one that was begun and did not end.</summary>
    /// <param name="count">Of those that stay, at most <see cref="Count"/>.</param>
    public abstract void CutBack(int count);

    public abstract void Dispose();
}
