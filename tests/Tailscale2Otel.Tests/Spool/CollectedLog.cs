using Microsoft.Extensions.Logging;

namespace Tailscale2Otel.Tests.Spool;

/// <summary>Keeps what was logged, for tests that ask whether a thing was said.</summary>
sealed class CollectedLog : ILogger
{
    readonly Lock _gate = new();
    readonly List<(LogLevel Level, string Text)> _entries = [];

    public List<(LogLevel Level, string Text)> Entries
    {
        get
        {
            lock (_gate)
                return [.. _entries];
        }
    }

    public bool Says(string part) => Entries.Exists(e => e.Text.Contains(part, StringComparison.Ordinal));

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_gate)
            _entries.Add((logLevel, formatter(state, exception)));
    }
}
