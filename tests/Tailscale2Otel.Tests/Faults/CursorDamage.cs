namespace Tailscale2Otel.Tests.Faults;

/// <param name="Told">Part of the log line.</param>
/// <param name="Inflict">On the file of that path.</param>
/// <param name="IsLeft">Whether the slot is still sound.</param>
sealed record CursorDamage(string Told, Action<string> Inflict, Func<int, bool> IsLeft);
