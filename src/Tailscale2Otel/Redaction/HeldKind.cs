namespace Tailscale2Otel.Redaction;

/// <summary>Which call of the log writer is held back.</summary>
enum HeldKind
{
    Text,
    Long,
    Double,
    Bool,
    Json,
    Body,
    JsonBody,
    Mention,
}
