using System.Globalization;

namespace Tailscale2Otel.Benchmarks.Load;

/// <summary>The command line of <c>load</c>.</summary>
sealed record LoadOptions
{
    public const string Latency = "latency";
    public const string Idle = "idle";
    public const string Start = "start";
    public const string Soak = "soak";

    public const string Usage =
        """
        usage: load EXECUTABLE [WHAT ...] [options]
          WHAT: per_record per_connection per_connection_gzip off latency idle start soak; all but soak when left out
          --seconds N       of full load in each run (10)
          --warm-up N       seconds of full load before it, which are reported apart (15): the runtime compiles hot code once more
          --runs N          of each row, of which the median is printed (1)
          --rate N          flow records/s; without it full load, a tenth of it for latency and half of it for soak
          --connections N   of the sender (16)
          --nodes N         that report (400)
          --pairs N         different pairs of source and destination (32000)
          --named           records name both ends, as newer clients do, so that metrics tell nodes apart
          --minutes N       of soak (60)
          --set KEY=VALUE   a key of the daemon's configuration, as often as needed: --set spool.sync=never
          --json FILE       the same as JSON
        """;

    static readonly string[] Measurements = [.. LoadRow.All.Select(r => r.Name), Latency, Idle, Start, Soak];

    public required string Executable { get; init; }

    public required IReadOnlySet<string> What { get; init; }

    public int Seconds { get; init; } = 10;

    public int WarmUp { get; init; } = 15;

    public int Runs { get; init; } = 1;

    public double? Rate { get; init; }

    public int Connections { get; init; } = 16;

    public int Nodes { get; init; } = 400;

    public int Pairs { get; init; } = 32_000;

    public bool Named { get; init; }

    public int Minutes { get; init; } = 60;

    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    public string? Json { get; init; }

    public bool Measures(string what) => What.Count == 0 ? what != Soak : What.Contains(what);

    /// <summary>Null with the problem.</summary>
    public static LoadOptions? Parse(string[] args, out string problem)
    {
        problem = "";
        if (args is not [var executable, .. var rest] || !File.Exists(executable))
        {
            problem = "The first argument is the published daemon: dotnet publish src/Tailscale2Otel -c Release -o DIR, then DIR/tailscale2otel";
            return null;
        }

        HashSet<string> what = [];
        Dictionary<string, string> settings = [];
        var options = new LoadOptions { Executable = Path.GetFullPath(executable), What = what, Settings = settings };
        var words = new Queue<string>(rest);
        while (words.TryDequeue(out var word))
        {
            if (Measurements.Contains(word))
                what.Add(word);
            else if (word == "--named")
                options = options with { Named = true };
            else if (!word.StartsWith("--", StringComparison.Ordinal) || !words.TryDequeue(out var value) || options.With(word, value, settings) is not { } changed)
                return Refuse(out problem, $"{word} is not understood.");
            else
                options = changed;
        }

        return options;
    }

    LoadOptions? With(string option, string value, Dictionary<string, string> settings)
    {
        if (option == "--json")
            return this with { Json = value };
        if (option == "--set" && value.Split('=', 2) is [var key, var setting])
        {
            settings[key] = setting;
            return this;
        }

        if (!int.TryParse(value, CultureInfo.InvariantCulture, out var number) || number < 1)
            return null;
        return option switch
        {
            "--seconds" => this with { Seconds = number },
            "--warm-up" => this with { WarmUp = number },
            "--runs" => this with { Runs = number },
            "--rate" => this with { Rate = number },
            "--connections" => this with { Connections = number },
            "--nodes" => this with { Nodes = number },
            "--pairs" => this with { Pairs = number },
            "--minutes" => this with { Minutes = number },
            _ => null,
        };
    }

    static LoadOptions? Refuse(out string problem, string text)
    {
        problem = text;
        return null;
    }
}
