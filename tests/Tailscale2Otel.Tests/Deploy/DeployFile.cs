using System.Text.RegularExpressions;
using Tailscale2Otel.Config;
using Tailscale2Otel.Hosting;
using Tailscale2Otel.Tests.Architecture;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Deploy;

/// <summary>What stands under deploy/, and what it says about the daemon's configuration.</summary>
static partial class DeployFile
{
    /// <summary>The one place that has the version.</summary>
    public static string Version { get; } = VersionPrefix().Match(SourceTree.Read("Directory.Build.props")).Groups[1].Value;

    public static string Path(string name) => System.IO.Path.Combine(SourceTree.Root, "deploy", name);

    public static string Text(string name) => File.ReadAllText(Path(name));

    /// <summary>Every file below deploy/ with its path from there.</summary>
    public static IEnumerable<(string Name, string Text)> All() =>
        Directory.EnumerateFiles(Path(""), "*", SearchOption.AllDirectories)
            .Select(f => (System.IO.Path.GetRelativePath(Path(""), f), File.ReadAllText(f)));

    /// <summary>Loads a configuration as shipped, with a file in place of each secret below a folder that is not there.</summary>
    public static LoadedConfig Load(string yaml, string secretsFolder, TemporaryFolder folder)
    {
        var path = folder.File("config.yaml");
        foreach (Match secret in Regex.Matches(yaml, Regex.Escape(secretsFolder) + @"([\w-]+)"))
            File.WriteAllText(folder.File(secret.Groups[1].Value), "0123456789abcdef0123456789abcdef");
        File.WriteAllText(path, yaml.Replace(secretsFolder, folder.Path + "/", StringComparison.Ordinal));
        return new ConfigLoader(OptionTypes.Schema).Load(path, new Dictionary<string, string>());
    }

    /// <summary>With the settings that are commented out, as an operator makes of it.</summary>
    public static string Uncommented(string yaml) => CommentedSetting().Replace(yaml, "$1$2");

    /// <summary>What an operator has to mend or look at; that secrets of a test are readable by others is not it.</summary>
    public static IEnumerable<string> Complaints(LoadedConfig config) =>
        config.Errors.Concat(config.Warnings).Select(p => p.ToString()).Where(p => !p.Contains("readable by others", StringComparison.Ordinal));

    [GeneratedRegex("<VersionPrefix>(.*)</VersionPrefix>")]
    private static partial Regex VersionPrefix();

    [GeneratedRegex(@"^( *)# ( *[a-z_]+:(?: .*)?)$", RegexOptions.Multiline)]
    private static partial Regex CommentedSetting();
}
