namespace Tailscale2Otel.Config;

/// <summary>A relative path in a file is relative to that file, one in a variable to the working directory.</summary>
static class ConfigPaths
{
    public static string Resolve(string path, ConfigSource source)
    {
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
            return path;

        return source.Layer == ConfigLayer.File
            ? Path.GetFullPath(path, Path.GetDirectoryName(Path.GetFullPath(source.Name))!)
            : Path.GetFullPath(path);
    }
}
