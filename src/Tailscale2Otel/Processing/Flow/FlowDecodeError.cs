namespace Tailscale2Otel.Processing.Flow;

/// <summary>Why a payload is not a flow record.</summary>
enum FlowDecodeError
{
    None,

    /// <summary>Not JSON, nested too deep, or with something behind its end.</summary>
    Malformed,

    /// <summary>JSON, but a member that matters is of another kind: a string where an array belongs.</summary>
    WrongType,

    /// <summary><c>start</c> or <c>end</c> is there and is not a time.</summary>
    UnreadableTime,

    /// <summary>A counter is there and is not a whole number that fits 64 bits.</summary>
    UnreadableNumber,

    /// <summary>No <c>nodeId</c>: nobody's report.</summary>
    NoNode,

    /// <summary>More connections than any node puts into a record.</summary>
    TooLarge,
}
