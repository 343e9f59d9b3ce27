using System.Collections.Concurrent;

namespace Tailscale2Otel.Diagnostics;

/// <summary>What stands between the daemon and taking data, by component, in words for an operator.</summary>
sealed class Health
{
    readonly ConcurrentDictionary<string, string> _problems = new(StringComparer.Ordinal);

    public bool IsReady => _problems.IsEmpty;

    /// <summary>Sorted by component.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Problems => [.. _problems.OrderBy(p => p.Key, StringComparer.Ordinal)];

    /// <param name="component">One word, for example <c>spool</c>.</param>
    /// <param name="problem">What is wrong and what to do; no secret, no personal value.</param>
    public void Report(string component, string problem) => _problems[component] = problem;

    public void Clear(string component) => _problems.TryRemove(component, out _);
}
