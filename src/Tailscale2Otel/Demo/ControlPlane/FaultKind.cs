namespace Tailscale2Otel.Demo.ControlPlane;

/// <summary>What goes wrong.</summary>
enum FaultKind
{
    /// <summary>Another answer than the right one.</summary>
    Answer,

    /// <summary>The token is good but not taken, and never again.</summary>
    TokenRevoked,

    /// <summary>The connection is reset before the answer.</summary>
    Reset,

    /// <summary>Nothing is answered for as long as the client waits.</summary>
    Silence,

    /// <summary>The body stops in its middle and the connection stays.</summary>
    BodyStops,

    /// <summary>The connection ends in the middle of a chunked body.</summary>
    BodyCut,

    /// <summary>The body is shorter than its <c>Content-Length</c>.</summary>
    BodyShort,

    /// <summary>The body comes in small pieces with pauses between them.</summary>
    BodySlow,
}
