namespace Tailscale2Otel.Tailscale;

/// <summary>What one attempt brought: a value, which may be null, or a fault.</summary>
readonly record struct ApiAttempt<T>(T? Value, ApiFault? Fault)
{
    public static implicit operator ApiAttempt<T>(ApiFault fault) => new(default, fault);
}
