using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tailscale;

/// <summary>Workload identity federation: an identity provider's token is exchanged for one of Tailscale's.</summary>
sealed class WorkloadIdentityOptions : IConfigSection
{
    /// <summary>ID of the federated credential.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>File with the identity provider's token, for example a projected service account token. Read at each exchange.</summary>
    [FilePath]
    public string IdTokenFile { get; set; } = "";
}
