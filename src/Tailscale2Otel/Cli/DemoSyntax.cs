using System.CommandLine;
using System.CommandLine.Parsing;

namespace Tailscale2Otel.Cli;

/// <summary><c>demo</c>: how its arguments are written. What they may be and what it does is the demo's business.</summary>
static class DemoSyntax
{
    public static Command Create(Func<DemoArguments, CancellationToken, Task<int>> run)
    {
        var defaults = new DemoArguments();
        var nodes = new Option<int>("--nodes") { Description = "Nodes of the simulated tailnet.", HelpName = "N", DefaultValueFactory = _ => defaults.Nodes };
        var rate = new Option<double>("--rate") { Description = "Records per second.", HelpName = "N", DefaultValueFactory = _ => defaults.Rate };
        var duration = DurationOption.Create("--duration", "How long records are sent, for example 30s; without it until Ctrl-C.", null);
        var seed = new Option<int>("--seed") { Description = "The same seed makes the same tailnet.", HelpName = "N", DefaultValueFactory = _ => defaults.Seed };
        var api = new Option<bool>("--api") { Description = "Simulate the tailnet's API too and let the daemon poll it: every record then comes twice." };
        var otlp = new Option<Uri?>("--otlp")
        {
            Description = "Deliver to this OTLP/HTTP endpoint, for example http://localhost:4318, instead of the console.",
            HelpName = "URL",
            CustomParser = ParseUrl,
        };

        var command = new Command("demo", "Run the daemon against a simulated tailnet and show what leaves it.") { nodes, rate, duration, seed, api, otlp };
        command.SetAction((arguments, cancellation) => run(
            new DemoArguments
            {
                Nodes = arguments.GetValue(nodes),
                Rate = arguments.GetValue(rate),
                Duration = arguments.GetValue(duration),
                Seed = arguments.GetValue(seed),
                Api = arguments.GetValue(api),
                Otlp = arguments.GetValue(otlp),
            },
            cancellation));
        return command;
    }

    /// <summary>The value of an option that names a backend.</summary>
    public static Uri? ParseUrl(ArgumentResult result)
    {
        if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var url) && (url.Scheme is "http" or "https"))
            return url;

        result.AddError("--otlp takes an http:// or https:// URL, for example http://localhost:4318");
        return null;
    }
}
