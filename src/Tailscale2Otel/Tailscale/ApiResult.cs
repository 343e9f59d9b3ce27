using System.Diagnostics.CodeAnalysis;

namespace Tailscale2Otel.Tailscale;

/// <summary>An answer of the API, or why there is none.</summary>
readonly record struct ApiResult<T>(T? Value, ApiFailure? Failure)
{
    [MemberNotNullWhen(false, nameof(Failure))]
    public bool IsSuccess => Failure is null;

    public static implicit operator ApiResult<T>(ApiFailure failure) => new(default, failure);
}
