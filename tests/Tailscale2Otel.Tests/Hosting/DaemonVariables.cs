using Tailscale2Otel.Config;
using Tailscale2Otel.Hosting;

namespace Tailscale2Otel.Tests.Hosting;

/// <summary>Configurations of a daemon inside the test process, by variables as a container would have them.</summary>
static class DaemonVariables
{
    public const string Token = "00000000-0000-0000-0000-0000000d0e0f";

    /// <param name="settings">Keys without the prefix, over the defaults here.</param>
    public static LoadedConfig Load(string spool, params (string Key, string Value)[] settings)
    {
        Dictionary<string, string> variables = new()
        {
            ["TS2OTEL_STREAMING__ENABLED"] = "true",
            ["TS2OTEL_STREAMING__LISTEN"] = "127.0.0.1:0",
            ["TS2OTEL_STREAMING__TOKEN"] = Token,
            ["TS2OTEL_ADMIN__ENABLED"] = "false",
            ["TS2OTEL_SPOOL__DIRECTORY"] = spool,
            ["TS2OTEL_LOG_LEVEL"] = "error",
            ["TS2OTEL_OTLP__METRIC_INTERVAL"] = "1s",
            ["TS2OTEL_SHUTDOWN__FLUSH_GRACE"] = "10s",
        };
        foreach (var (key, value) in settings)
            variables["TS2OTEL_" + key] = value;

        var config = new ConfigLoader(OptionTypes.Schema).Load(null, variables);
        Assert.That(config.Errors, Is.Empty);
        return config;
    }
}
