using System.Collections.Concurrent;

namespace Tailscale2Otel.Tests.Hosting.Pipeline;

/// <summary>What the parts of a pipeline did, in order; a test waits for it by looking again after every entry.</summary>
sealed class Changes
{
    /// <summary>Bounds a hanging test; nothing waits for it otherwise.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    readonly ConcurrentQueue<string> _entries = [];
    TaskCompletionSource _next = NewSignal();

    public IReadOnlyList<string> Entries => [.. _entries];

    public void Note(string entry)
    {
        _entries.Enqueue(entry);
        Interlocked.Exchange(ref _next, NewSignal()).SetResult();
    }

    public async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var next = Volatile.Read(ref _next).Task;
            if (condition())
                return;

            try
            {
                await next.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException("It never came. What came: " + string.Join("; ", _entries));
            }
        }
    }

    static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
