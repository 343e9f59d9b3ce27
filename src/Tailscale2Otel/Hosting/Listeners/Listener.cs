using Tailscale2Otel.Model;

namespace Tailscale2Otel.Hosting.Listeners;

/// <summary>One address that the daemon's web server listens on.</summary>
/// <param name="Name">Its section of the configuration, for example <c>streaming</c>; <see cref="ListenerBranch"/> goes by it.</param>
/// <param name="Component">What its certificate is called in metrics, for example <c>stream</c>.</param>
/// <param name="Tls">Without files the listener speaks plain HTTP.</param>
sealed record Listener(string Name, string Component, ListenAddress Address, TlsFiles Tls)
{
    /// <summary>The key that says where it listens.</summary>
    public string Key => $"{Name}.listen";

    public bool IsTls => Tls.CertFile.Length > 0;
}
