using Tailscale2Otel.Model;

namespace Tailscale2Otel.Hosting.Pipeline;

/// <summary>A dead letter that the disk has not taken yet; the record itself is still in the spool.</summary>
readonly record struct OwedLetter(SpoolPosition Position, string Reason, int? Status, string? Message);
