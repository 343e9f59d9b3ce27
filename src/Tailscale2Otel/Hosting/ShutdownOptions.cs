using Tailscale2Otel.Model;

namespace Tailscale2Otel.Hosting;

/// <summary>
/// How long the stages may take to finish after a signal to stop; what is not done by then stays in the
/// spool. Together they fit the ten seconds that container engines wait by default.
/// </summary>
[ConfigSection("shutdown")]
sealed class ShutdownOptions : IConfigSection
{
    /// <summary>For open requests and for the batches under way to the backend.</summary>
    [Within("00:00:00", "01:00:00")]
    public TimeSpan DeliveryGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>For the last metric export and the files beside the spool.</summary>
    [Within("00:00:00", "01:00:00")]
    public TimeSpan FlushGrace { get; set; } = TimeSpan.FromSeconds(3);

    public TimeSpan Total => DeliveryGrace + FlushGrace + TimeSpan.FromSeconds(1);
}
