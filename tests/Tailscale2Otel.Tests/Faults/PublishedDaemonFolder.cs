using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Faults;

[SetUpFixture]
public sealed class PublishedDaemonFolder
{
    [OneTimeTearDown]
    public void Remove() => PublishedDaemon.Remove();
}
