using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Ingest.Hec;

/// <param name="Delivered">Records in the spool afterwards.</param>
/// <param name="EventNumber">-1: the answer has none.</param>
public sealed record HecCase(string Id, string What, int Status, int Code, int Delivered, int EventNumber = -1)
{
    internal HecRequest Request { get; init; } = new();

    /// <summary>For what is more than a request and an answer.</summary>
    internal Func<HecHost, Task<HecResponse>>? Send { get; init; }

    public override string ToString() => $"{Id} {What}";
}
