using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Hosting.Polling;

/// <summary>One client for each tailnet, in the order of the configuration.</summary>
sealed class ApiClients(IEnumerable<TailscaleClient> clients) : IDisposable
{
    readonly TailscaleClient[] _all = [.. clients];

    /// <summary>Those that have something to authenticate with.</summary>
    public IEnumerable<TailscaleClient> WithCredential => _all.Where(c => c.Tailnet.Auth.IsSet);

    /// <summary>The first when there is one tailnet, whatever it is called.</summary>
    public TailscaleClient? Find(string tailnet) => _all.FirstOrDefault(c => c.Tailnet.Name == tailnet);

    public TailscaleClient First => _all[0];

    public void Dispose()
    {
        foreach (var client in _all)
            client.Dispose();
    }
}
