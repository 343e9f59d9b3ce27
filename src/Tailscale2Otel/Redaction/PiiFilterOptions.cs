using Tailscale2Otel.Model;

namespace Tailscale2Otel.Redaction;

/// <summary>
/// Personal data that leaves the daemon or is written to the dead-letter file, by category: true sends it, false takes it out
/// of log records, metrics, the resource and dead letters. SECURITY.md says what each category is.
/// </summary>
[ConfigSection("pii_filter")]
sealed class PiiFilterOptions : IConfigSection
{
    /// <summary>Login names and e-mail addresses of users and owners.</summary>
    public bool Emails { get; set; } = true;

    /// <summary>Display names of users.</summary>
    public bool UserDisplayNames { get; set; } = true;

    /// <summary>Identifiers of users.</summary>
    public bool UserIds { get; set; } = true;

    /// <summary>Names of nodes and hosts, the daemon's own host included.</summary>
    public bool Hostnames { get; set; } = true;

    /// <summary>Identifiers of nodes.</summary>
    public bool NodeIds { get; set; } = true;

    /// <summary>Addresses in 100.64.0.0/10 and fd7a:115c:a1e0::/48.</summary>
    public bool TailscaleIps { get; set; } = true;

    /// <summary>Private, unique local, link-local and loopback addresses.</summary>
    public bool InternalIps { get; set; } = true;

    /// <summary>All other addresses, and what is looked up from them: place and network operator.</summary>
    public bool ExternalIps { get; set; } = true;

    /// <summary>Names of Tailscale services.</summary>
    public bool ServiceAddrs { get; set; } = true;

    /// <summary>URLs and paths.</summary>
    public bool EndpointPaths { get; set; } = true;

    /// <summary>Routes and DNS domains.</summary>
    public bool NetworkTopology { get; set; } = true;

    /// <summary>Name of the tailnet.</summary>
    public bool TailnetName { get; set; } = true;

    /// <summary>Text that may say anything: old and new values, details, errors, messages, events of other senders.</summary>
    public bool FreeTextDetails { get; set; } = true;

    /// <summary>Command lines.</summary>
    public bool CommandText { get; set; } = true;

    /// <summary>Every category with the name of its key and whether it is emitted.</summary>
    public IReadOnlyList<(PiiCategories Category, string Name, bool IsEmitted)> Switches() =>
    [
        (PiiCategories.Emails, "emails", Emails),
        (PiiCategories.UserDisplayNames, "user_display_names", UserDisplayNames),
        (PiiCategories.UserIds, "user_ids", UserIds),
        (PiiCategories.Hostnames, "hostnames", Hostnames),
        (PiiCategories.NodeIds, "node_ids", NodeIds),
        (PiiCategories.TailscaleIps, "tailscale_ips", TailscaleIps),
        (PiiCategories.InternalIps, "internal_ips", InternalIps),
        (PiiCategories.ExternalIps, "external_ips", ExternalIps),
        (PiiCategories.ServiceAddrs, "service_addrs", ServiceAddrs),
        (PiiCategories.EndpointPaths, "endpoint_paths", EndpointPaths),
        (PiiCategories.NetworkTopology, "network_topology", NetworkTopology),
        (PiiCategories.TailnetName, "tailnet_name", TailnetName),
        (PiiCategories.FreeTextDetails, "free_text_details", FreeTextDetails),
        (PiiCategories.CommandText, "command_text", CommandText),
    ];
}
