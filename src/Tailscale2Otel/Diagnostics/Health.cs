using System.Collections.Concurrent;

namespace Tailscale2Otel.Diagnostics;

/// <summary>
/// What an operator should know, by component, in words. A blocker means that data would be turned away now; an advice means
/// that something is wrong while data is still taken and kept.
/// </summary>
sealed class Health
{
    readonly ConcurrentDictionary<string, string> _advices = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, Func<string>> _blockers = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, Func<string>> _states = new(StringComparer.Ordinal);

    public bool IsReady => Blockers.Count == 0;

    /// <summary>Sorted by component.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Blockers =>
        [.. _blockers.Select(b => KeyValuePair.Create(b.Key, b.Value())).Where(b => b.Value.Length > 0).OrderBy(b => b.Key, StringComparer.Ordinal)];

    /// <summary>Sorted by component.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Advices => [.. _advices.OrderBy(p => p.Key, StringComparer.Ordinal)];

    /// <summary>How things are where nothing need be wrong. Sorted by component.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> States =>
        [.. _states.Select(s => KeyValuePair.Create(s.Key, s.Value())).OrderBy(s => s.Key, StringComparer.Ordinal)];

    /// <param name="component">One or two words, for example <c>otlp logs</c>.</param>
    /// <param name="advice">What is wrong and what to do; no secret, no personal value.</param>
    public void Report(string component, string advice) => _advices[component] = advice;

    public void Clear(string component) => _advices.TryRemove(component, out _);

    /// <summary>Asks a component at every look whether it would take data.</summary>
    /// <param name="problem">Why not and what to do, or an empty string.</param>
    public void Watch(string component, Func<string> problem) => _blockers[component] = problem;

    /// <summary>Asks a component at every look how things are.</summary>
    /// <param name="state">In a sentence; no secret, no personal value.</param>
    public void Describe(string component, Func<string> state) => _states[component] = state;
}
