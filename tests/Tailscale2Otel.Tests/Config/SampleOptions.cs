using System.ComponentModel.DataAnnotations;
using Tailscale2Otel.Model;
using RangeAttribute = System.ComponentModel.DataAnnotations.RangeAttribute;

namespace Tailscale2Otel.Tests.Config;

/// <summary>One key of every kind.</summary>
[ConfigSection("sample")]
sealed class SampleOptions : IConfigSection
{
    public string Name { get; set; } = "nobody";

    [AllowedValues("", "fast", "slow")]
    public string Pace { get; set; } = "";

    public bool Enabled { get; set; }

    [Range(1, 64)]
    public int Count { get; set; } = 3;

    [Range(0, int.MaxValue)]
    public long Total { get; set; }

    public double Ratio { get; set; } = 0.5;

    [Range(0, 1_073_741_824)]
    public int MaxBodyBytes { get; set; } = 1024;

    [Within("00:00:01", "01:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(90);

    public TimeSpan? Pause { get; set; }

    public SampleColor Color { get; set; } = SampleColor.DarkBlue;

    [FilePath]
    public string Directory { get; set; } = "/var/lib/sample";

    public Secret Token { get; set; } = new("");

    public IReadOnlyList<Secret> Keys { get; set; } = [];

    [AtMost(3)]
    public IReadOnlyList<string> Tags { get; set; } = [];

    public IReadOnlyDictionary<string, Secret> Headers { get; set; } = new Dictionary<string, Secret>();

    public IReadOnlyDictionary<string, string> Labels { get; set; } = new Dictionary<string, string>();

    [Sections<SampleRoute>]
    public IReadOnlyList<SampleRoute> Routes { get; set; } = [];

    public SamplePart Part { get; set; } = new();

    public string Computed => Name + Pace;
}
