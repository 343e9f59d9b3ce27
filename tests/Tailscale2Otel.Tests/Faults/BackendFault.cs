using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Faults;

/// <summary>One way in which a backend does not do what it should, on either protocol.</summary>
sealed record BackendFault(string Name, Func<Random, bool, OtlpAnswer?> Answer)
{
    static readonly int[] Busy = [429, 502, 503, 504];
    static readonly string?[] RetryAfter = [null, null, null, "0", "1", "Wed, 21 Oct 2015 07:28:00 GMT"];

    /// <summary>CANCELLED, DEADLINE_EXCEEDED, ABORTED, UNAVAILABLE, DATA_LOSS.</summary>
    static readonly int[] GrpcBusy = [1, 4, 10, 14, 15];

    public static readonly BackendFault None = new("none", (_, _) => OtlpAnswer.Ok);

    public static readonly BackendFault Busier = new("busy", (random, isGrpc) => isGrpc && random.Next(3) > 0
        ? GrpcStatus(random)
        : OtlpAnswer.Status(Busy[random.Next(Busy.Length)], "later", RetryAfter[random.Next(RetryAfter.Length)]));

    public static readonly BackendFault Hangs = new("hangs", (_, _) => OtlpAnswer.Hang);

    public static readonly BackendFault Late = new("late", (_, _) => OtlpAnswer.Late);

    public static readonly BackendFault CutsRequests = new("cuts requests", (_, _) => null);

    public static readonly BackendFault Resets = new("resets", (random, _) => random.Next(2) == 0 ? OtlpAnswer.Reset : OtlpAnswer.Lost);

    public static readonly BackendFault CutsAnswers = new("cuts answers", (random, _) => OtlpAnswer.ResetMidResponse with { KeepsAnyway = random.Next(2) == 0 });

    public static readonly BackendFault SaysNoAndKeeps = new("says 503 and keeps", (_, isGrpc) => (isGrpc ? OtlpAnswer.Grpc(14) : OtlpAnswer.Status(503)) with { KeepsAnyway = true });

    /// <summary>Those that cost no waiting.</summary>
    public static readonly BackendFault[] Quick = [Busier, CutsRequests, Resets, CutsAnswers, SaysNoAndKeeps];

    /// <summary>Those of which each costs a timeout.</summary>
    public static readonly BackendFault[] Slow = [Hangs, Late];

    public override string ToString() => Name;

    static OtlpAnswer GrpcStatus(Random random)
    {
        var which = random.Next(GrpcBusy.Length + 1);
        return which == GrpcBusy.Length
            ? OtlpAnswer.Grpc(8, "later", TimeSpan.FromMilliseconds(600))
            : OtlpAnswer.Grpc(GrpcBusy[which], "later") with { TrailersAfterHead = random.Next(2) == 0 };
    }
}
