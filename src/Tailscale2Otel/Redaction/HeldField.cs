using Tailscale2Otel.Model;

namespace Tailscale2Otel.Redaction;

/// <summary>One call of the log writer, its bytes in the buffer of the record.</summary>
/// <param name="Key">Null where the name comes from the sender, or there is none.</param>
/// <param name="Name">Of a name from the sender.</param>
/// <param name="Bits">A number or a truth value.</param>
/// <param name="Verdict">Of what the end of the record decides.</param>
readonly record struct HeldField(HeldKind Kind, Utf8Name? Key, Range Name, Range Value, long Bits = 0, Verdict Verdict = Verdict.Keep);
