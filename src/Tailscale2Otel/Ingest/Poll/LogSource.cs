namespace Tailscale2Otel.Ingest.Poll;

/// <summary>Which way a log comes.</summary>
enum LogSource
{
    /// <summary>Asked of the API.</summary>
    Poll,

    /// <summary>Tailscale's log streaming, see <c>streaming</c>.</summary>
    Stream,

    /// <summary>Both; each record is delivered once.</summary>
    Both,

    /// <summary>An export in a bucket.</summary>
    Objectstore,
}
