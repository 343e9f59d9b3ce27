namespace Tailscale2Otel.Tests.Faults;

/// <summary>A log record at the backend, as it came last.</summary>
/// <param name="Content">Hash of everything in it.</param>
readonly record struct KeptRecord(int Sequence, ulong Content, KeptRequest Request);
