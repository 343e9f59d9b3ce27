namespace Tailscale2Otel.Hosting.Check;

/// <summary>What a question is about; it decides the exit code of a failure.</summary>
enum CheckPart
{
    /// <summary>The configuration and this machine.</summary>
    Local,

    Authentication,

    Api,

    Export,
}
