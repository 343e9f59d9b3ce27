namespace Tailscale2Otel.Benchmarks.Load;

/// <summary>One way to run the daemon under load.</summary>
/// <param name="LogsPerRecord">Log records that a flow record becomes.</param>
/// <param name="Gzip">Requests to the daemon and from it are compressed.</param>
sealed record LoadRow(string Name, string LogMode, int LogsPerRecord, bool Gzip = false)
{
    public static readonly LoadRow PerConnection = new("per_connection", "per_connection", LoadBody.Connections);

    public static readonly LoadRow Latency = PerConnection with { Name = LoadOptions.Latency };

    public static readonly IReadOnlyList<LoadRow> All =
    [
        new("per_record", "per_record", 1),
        PerConnection,
        new("per_connection_gzip", "per_connection", LoadBody.Connections, Gzip: true),
        new("off", "off", 0),
    ];

    /// <summary>Flow records/s; null is as many as get answered.</summary>
    public double? Rate { get; init; }
}
