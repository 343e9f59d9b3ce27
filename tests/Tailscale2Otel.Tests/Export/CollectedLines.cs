using Microsoft.Extensions.Logging;

namespace Tailscale2Otel.Tests.Export;

/// <summary>What was logged, and a way to wait for it.</summary>
sealed class CollectedLines
{
    readonly Lock _gate = new();
    readonly List<(LogLevel Level, string Text)> _lines = [];
    TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<(LogLevel Level, string Text)> All
    {
        get
        {
            lock (_gate)
                return [.. _lines];
        }
    }

    public ILogger<T> For<T>() => new Collector<T>(this);

    public async Task WaitAsync(string part)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_lines.Exists(l => l.Text.Contains(part, StringComparison.Ordinal)))
                    return;
                changed = _changed.Task;
            }

            await changed.WaitAsync(TimeSpan.FromSeconds(20));
        }
    }

    void Add(LogLevel level, string text)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            _lines.Add((level, text));
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.SetResult();
    }

    sealed class Collector<T>(CollectedLines lines) : ILogger<T>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Add(logLevel, formatter(state, exception));
    }
}
