using System.Runtime.CompilerServices;
using Tailscale2Otel.Config;
using Tailscale2Otel.Hosting;

namespace Tailscale2Otel.Tests.Config;

/// <summary>The example at the top of the repository holds every key with its default.</summary>
public sealed partial class ConfigLoaderTests
{
    [Test]
    public void The_example_loads_without_a_complaint()
    {
        var config = LoadExample(out _);

        Assert.That(config.Errors, Is.Empty);
        var accepted = config.Warnings.Where(w => w.Message.StartsWith("accepted, ", StringComparison.Ordinal)).ToList();
        Assert.That(accepted.SelectMany(KeysOf).Where(k => HasClass(FirstPart(k))), Is.Empty, "a section that is built shows only keys that are");
        Assert.That(config.Warnings.Except(accepted).Where(w => !w.Message.StartsWith("readable by others", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public void The_example_shows_every_key_with_its_default()
    {
        var config = LoadExample(out var path);
        var defaults = new ConfigLoader(OptionTypes.Schema).Load(null, new Dictionary<string, string>()).Values.ToDictionary(v => v.Key);

        Assert.Multiple(() =>
        {
            Assert.That(config.Values.Where(v => !v.Origin.StartsWith(path, StringComparison.Ordinal) && Shown(defaults[v.Key]) != "null").Select(v => v.Key), Is.Empty, "keys that the example lacks");
            Assert.That(config.Values.Where(v => Shown(v) != Shown(defaults[v.Key])).Select(v => $"{v.Key} = {Shown(v)}, not {Shown(defaults[v.Key])}"), Is.Empty, "values that are not the default");
        });
    }

    [Test]
    public void Every_key_of_the_example_is_explained()
    {
        LoadExample(out var path);
        var lines = File.ReadAllLines(path);

        // A comment above opens a group of keys, up to the next empty line.
        var bare = new List<string>();
        var explained = false;
        foreach (var line in lines.Select(l => l.Trim()))
        {
            explained = line.StartsWith('#') || (explained && line.Length > 0);
            if (line.Length > 0 && !line.StartsWith('#') && !line.EndsWith(':') && !explained)
                bare.Add(line);
        }

        Assert.That(bare, Is.Empty);
    }

    static LoadedConfig LoadExample(out string path)
    {
        path = Path.Combine(Repository(), "config.example.yaml");
        return new ConfigLoader(OptionTypes.Schema).Load(path, new Dictionary<string, string>());
    }

    static string Shown(ConfigValue value) => EffectiveConfig.Yaml(value.Kind, value.Value);

    static IEnumerable<string> KeysOf(ConfigProblem accepted) => accepted.Message.Split(": ")[1].Split(" (")[0].Split(", ");

    static string FirstPart(string key) => key.Split('.')[0];

    static bool HasClass(string section) => OptionTypes.Schema.Keys.Keys.Any(k => k.StartsWith(section + ".", StringComparison.Ordinal));

    static string Repository([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));
}
