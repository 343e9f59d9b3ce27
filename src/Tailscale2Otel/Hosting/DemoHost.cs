using Tailscale2Otel.Cli;
using Tailscale2Otel.Config;
using Tailscale2Otel.Demo;
using Tailscale2Otel.Hosting.Pipeline;
using Tailscale2Otel.Ingest;
using Tailscale2Otel.Ingest.Hec;
using Tailscale2Otel.Ingest.Webhook;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Hosting;

/// <summary>The daemon that <c>demo</c> runs: the real one, configured by the variables that a container would have.</summary>
static class DemoHost
{
    public static Task<int> RunAsync(DemoArguments arguments, CancellationToken stop)
    {
        var console = new DemoConsole(Console.Out, !Console.IsOutputRedirected, () => Console.WindowWidth, TimeProvider.System);
        return new DemoCommand(StartAsync, console, TimeProvider.System).RunAsync(arguments, stop);
    }

    static async Task<DemoDaemon> StartAsync(DemoSetup setup, CancellationToken cancellation)
    {
        var config = new ConfigLoader(OptionTypes.Schema).Load(null, Variables(setup));
        if (!config.IsValid)
            throw new InvalidOperationException(string.Join('\n', config.Errors));

        var daemon = await Daemon.StartAsync(config, new StdoutWriters(setup.Records, setup.Metrics), null, cancellation);
        var counts = daemon.Services.Get<PipelineCounts>();
        var intake = daemon.Services.Get<IngestMetrics>();
        _ = ListenAddress.TryParse(config.Get<HecOptions>().Listen, out var listen);
        return new DemoDaemon
        {
            HecUrl = new Uri(daemon.Address(listen!), config.Get<HecOptions>().Path),
            WebhookUrl = new Uri(daemon.Address(listen!, ordinal: 1), config.Get<WebhookOptions>().Path),
            Counts = () => new DemoCounts(intake.Kept, counts.Delivered, counts.Duplicates, counts.DeadLetters, counts.LogRecords, intake.Polled),
            StopAsync = async _ =>
            {
                await daemon.StopAsync();
                await daemon.DisposeAsync();
            },
        };
    }

    static Dictionary<string, string> Variables(DemoSetup setup)
    {
        var variables = new Dictionary<string, string>
        {
            ["TS2OTEL_STREAMING__ENABLED"] = "true",
            ["TS2OTEL_STREAMING__LISTEN"] = "127.0.0.1:0",
            ["TS2OTEL_STREAMING__TOKEN"] = setup.Token.Reveal(),
            ["TS2OTEL_WEBHOOK__ENABLED"] = "true",
            ["TS2OTEL_WEBHOOK__LISTEN"] = "127.0.0.1:0",
            ["TS2OTEL_WEBHOOK__SECRET"] = setup.WebhookSecret.Reveal(),
            ["TS2OTEL_ADMIN__ENABLED"] = "false",
            ["TS2OTEL_SPOOL__DIRECTORY"] = setup.SpoolDirectory,
            ["TS2OTEL_TAILSCALE__TAILNET"] = "tail-demo.ts.net",
            ["TS2OTEL_LOG_LEVEL"] = "warn",
            ["TS2OTEL_OTLP__METRIC_INTERVAL"] = "10s",
        };
        foreach (var (name, value) in setup.Api is { } api ? ApiVariables(api) : [])
            variables.Add(name, value);
        if (setup.Otlp is { } backend)
            variables["TS2OTEL_OTLP__ENDPOINT"] = backend.ToString();
        else
            (variables["TS2OTEL_OTLP__PROTOCOL"], variables["TS2OTEL_OTLP__STDOUT__METRIC_INTERVAL"]) = ("stdout", "10s");
        return variables;
    }

    /// <summary>
    /// Both ways at once, at a pace of seconds. The simulated API has every record at once, so that little lag and no overlap is
    /// needed; the stream is the demo's own and not set up at the API, where there is no delivery to look at.
    /// </summary>
    static Dictionary<string, string> ApiVariables(DemoApi api)
    {
        var variables = new Dictionary<string, string>
        {
            ["TS2OTEL_TAILSCALE__API_URL"] = api.Url.GetLeftPart(UriPartial.Authority),
            ["TS2OTEL_TAILSCALE__AUTH__OAUTH__CLIENT_ID"] = api.ClientId,
            ["TS2OTEL_TAILSCALE__AUTH__OAUTH__CLIENT_SECRET"] = api.ClientSecret.Reveal(),
            ["TS2OTEL_COLLECTORS__DEVICES__INTERVAL"] = "2s",
            ["TS2OTEL_COLLECTORS__LOG_STREAM__ENABLED"] = "false",
            ["TS2OTEL_ENRICHMENT__WAIT_FOR_DEVICES"] = "10s",
        };
        foreach (var log in (string[])["FLOWLOGS", "AUDITLOGS"])
        {
            variables[$"TS2OTEL_COLLECTORS__{log}__SOURCE"] = "both";
            variables[$"TS2OTEL_COLLECTORS__{log}__INTERVAL"] = "1s";
            variables[$"TS2OTEL_COLLECTORS__{log}__LAG"] = "1s";
            variables[$"TS2OTEL_COLLECTORS__{log}__REPLAY_OVERLAP"] = "0s";
        }

        return variables;
    }
}
