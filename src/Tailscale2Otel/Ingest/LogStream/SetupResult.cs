namespace Tailscale2Otel.Ingest.LogStream;

/// <summary>What one attempt came to.</summary>
/// <param name="Advice">What is wrong and what to do; empty when nothing is.</param>
/// <param name="RetryAfter">How long Tailscale asked to be left alone.</param>
readonly record struct SetupResult(SetupState State, string Advice = "", TimeSpan? RetryAfter = null)
{
    public bool IsDone => State is SetupState.Set or SetupState.AlreadySet;

    /// <summary>Asking again would change nothing, or something that is not ours to change.</summary>
    public bool IsFinal => IsDone || State is SetupState.Occupied or SetupState.Different;
}
