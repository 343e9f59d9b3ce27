using System.Net;

namespace Tailscale2Otel.Tests.Support;

/// <summary>How <see cref="OtlpReceiver"/> answers one request. The default is acceptance.</summary>
sealed record OtlpAnswer
{
    public static readonly OtlpAnswer Ok = new();

    /// <summary>Takes the request and never answers.</summary>
    public static readonly OtlpAnswer Hang = new() { Fault = OtlpFault.Hang };

    /// <summary>Closes the connection (HTTP/2: resets the stream) instead of answering.</summary>
    public static readonly OtlpAnswer Reset = new() { Fault = OtlpFault.Reset };

    /// <summary>Sends the head (a success, unless a status is set) and a piece of the body, then closes the connection.</summary>
    public static readonly OtlpAnswer ResetMidResponse = new() { Fault = OtlpFault.ResetMidResponse };

    /// <summary>Keeps what came, and closes the connection instead of saying so.</summary>
    public static readonly OtlpAnswer Lost = new() { Fault = OtlpFault.Reset, KeepsAnyway = true };

    /// <summary>Keeps what came, and says so when nobody listens any more.</summary>
    public static readonly OtlpAnswer Late = new() { Fault = OtlpFault.Late, KeepsAnyway = true };

    public int HttpStatus { get; init; } = 200;

    /// <summary>Only used on the gRPC side.</summary>
    public int GrpcStatus { get; init; }

    public string Message { get; init; } = "";

    /// <summary>Rejected records or points of a partial success; with only a message it is a warning.</summary>
    public long? PartiallyRejected { get; init; }

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary><c>google.rpc.RetryInfo</c> in the error's details.</summary>
    public TimeSpan? RetryInfo { get; init; }

    /// <summary>gRPC errors come as trailers after a head, not in the head alone.</summary>
    public bool TrailersAfterHead { get; init; }

    /// <summary>Answer only when this has ended.</summary>
    public Task Release { get; init; } = Task.CompletedTask;

    /// <summary>Bytes sent as the body instead of a proper message.</summary>
    public byte[]? Body { get; init; }

    public OtlpFault Fault { get; init; }

    /// <summary>The backend keeps what came although its answer does not say so.</summary>
    public bool KeepsAnyway { get; init; }

    /// <summary>The answer is a success.</summary>
    public bool Accepts => Fault == OtlpFault.None && HttpStatus == (int)HttpStatusCode.OK && GrpcStatus == 0;

    /// <summary>What the request carries is the backend's from now on.</summary>
    public bool Keeps => Accepts || KeepsAnyway;

    public static OtlpAnswer Status(int status, string message = "", string? retryAfter = null) => new()
    {
        HttpStatus = status,
        Message = message,
        Headers = retryAfter is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["Retry-After"] = retryAfter },
    };

    public static OtlpAnswer Grpc(int status, string message = "", TimeSpan? retryInfo = null) =>
        new() { GrpcStatus = status, Message = message, RetryInfo = retryInfo };

    public static OtlpAnswer Partial(long rejected, string message = "") => new() { PartiallyRejected = rejected, Message = message };

    public static OtlpAnswer After(Task release) => new() { Release = release };
}
