using Tailscale2Otel.Config;
using Tailscale2Otel.Hosting;

namespace Tailscale2Otel.Tests.Config;

/// <summary>A configuration directory of a test; <c>/DIR</c> stands for it in what is reported.</summary>
sealed class SampleConfig : IDisposable
{
    readonly DirectoryInfo _directory = System.IO.Directory.CreateTempSubdirectory("config-");

    public static OptionsSchema Schema { get; } = new([OptionsClass.Of<SampleOptions>(new SampleOptionsValidator()), .. OptionTypes.Schema.Classes], OptionTypes.Schema.Rules);

    public string Directory => _directory.FullName;

    public string File => Path.Combine(Directory, "config.yaml");

    public static LoadedConfig Load(string yaml, params (string Name, string Value)[] variables)
    {
        using var sample = new SampleConfig();
        return sample.LoadHere(yaml, variables);
    }

    public LoadedConfig LoadHere(string? yaml, params (string Name, string Value)[] variables)
    {
        if (yaml is not null)
            Write("config.yaml", yaml);
        return new ConfigLoader(Schema).Load(yaml is null ? null : File, variables.ToDictionary(v => v.Name, v => v.Value));
    }

    public string Write(string name, string content)
    {
        var path = Path.Combine(Directory, name);
        System.IO.File.WriteAllText(path, content);
        SetMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }

    public static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
            System.IO.File.SetUnixFileMode(path, mode);
    }

    public IEnumerable<string> Texts(IEnumerable<ConfigProblem> problems) =>
        problems.Select(p => p.ToString().Replace(Directory, "/DIR", StringComparison.Ordinal));

    public void Dispose() => _directory.Delete(recursive: true);
}
