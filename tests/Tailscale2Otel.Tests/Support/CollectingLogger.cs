using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Tailscale2Otel.Tests.Support;

/// <summary>Keeps log lines of level warning and above, unless it is told to keep more.</summary>
sealed class CollectingLogger : ILoggerProvider, ILogger
{
    readonly ConcurrentQueue<string> _lines = [];

    public LogLevel Lowest { get; init; } = LogLevel.Warning;

    public IReadOnlyList<string> Lines => [.. _lines];

    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= Lowest;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
            _lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");
    }

    public void Dispose()
    {
    }
}
