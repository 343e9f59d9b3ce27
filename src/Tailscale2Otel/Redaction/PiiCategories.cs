namespace Tailscale2Otel.Redaction;

/// <summary>Kinds of personal data, each with a switch in <see cref="PiiFilterOptions"/>.</summary>
[Flags]
enum PiiCategories
{
    None = 0,
    Emails = 1,
    UserDisplayNames = 1 << 1,
    UserIds = 1 << 2,
    Hostnames = 1 << 3,
    NodeIds = 1 << 4,
    TailscaleIps = 1 << 5,
    InternalIps = 1 << 6,
    ExternalIps = 1 << 7,
    ServiceAddrs = 1 << 8,
    EndpointPaths = 1 << 9,
    NetworkTopology = 1 << 10,
    TailnetName = 1 << 11,
    FreeTextDetails = 1 << 12,
    CommandText = 1 << 13,

    Ips = TailscaleIps | InternalIps | ExternalIps,
}
