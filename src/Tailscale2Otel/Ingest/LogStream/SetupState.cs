namespace Tailscale2Otel.Ingest.LogStream;

/// <summary>Where telling Tailscale about one log has come to.</summary>
enum SetupState
{
    /// <summary>It was told, and says so.</summary>
    Set,

    /// <summary>It knew already.</summary>
    AlreadySet,

    /// <summary>The stream goes to a destination that somebody else set, and stays there.</summary>
    Occupied,

    /// <summary>It accepted the destination and shows another.</summary>
    Different,

    /// <summary>It refuses until somebody changes something.</summary>
    Refused,

    /// <summary>It could not be asked, or the answer was an accident.</summary>
    Failed,
}
