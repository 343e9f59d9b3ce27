namespace Tailscale2Otel.Spool.DeadLetters;

/// <param name="Letters">Lines that were dropped.</param>
/// <param name="IsInPlace">The disk is full, so that they were overwritten and their room is given back by a later rewriting.</param>
readonly record struct DeadLetterDrop(long Letters, bool IsInPlace);
