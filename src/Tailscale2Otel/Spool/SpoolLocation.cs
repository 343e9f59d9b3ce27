namespace Tailscale2Otel.Spool;

/// <summary>Where the spool lives: the configured directory, or a user's own state directory in place of an unwritable default.</summary>
static partial class SpoolLocation
{
    /// <param name="environment">Reads one environment variable.</param>
    /// <exception cref="SpoolException">The directory can neither be created nor written, and is not the default.</exception>
    public static DiskSpoolDirectory Open(string configured, Func<string, string?> environment, ILogger log)
    {
        try
        {
            return OpenWritable(configured);
        }
        catch (IOException e) when (configured == SpoolOptions.DefaultDirectory && Fallback(environment) is { } fallback)
        {
            Log.Relocated(log, configured, e.Message, fallback);
            try
            {
                return OpenWritable(fallback);
            }
            catch (IOException second)
            {
                throw new SpoolException($"Neither {configured} nor {fallback} can be written ({second.Message}); set spool.directory", second);
            }
        }
        catch (IOException e)
        {
            throw new SpoolException($"The spool directory {configured} cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Where a daemon with this configuration has its spool, for who only looks at it.</summary>
    /// <param name="environment">Reads one environment variable.</param>
    public static string Find(string configured, Func<string, string?> environment) =>
        configured == SpoolOptions.DefaultDirectory && !HoldsSpool(configured) && Fallback(environment) is { } fallback && HoldsSpool(fallback)
            ? fallback
            : configured;

    static bool HoldsSpool(string path) => File.Exists(Path.Combine(path, CursorFile.Name));

    static DiskSpoolDirectory OpenWritable(string path)
    {
        var directory = new DiskSpoolDirectory(path);
        const string name = "writable";
        directory.Create(name).Dispose();
        directory.Delete(name);
        return directory;
    }

    /// <summary>XDG Base Directory Specification: $XDG_STATE_HOME, by default ~/.local/state; a relative value is to be ignored.</summary>
    public static string? Fallback(Func<string, string?> environment)
    {
        var state = environment("XDG_STATE_HOME");
        if (string.IsNullOrEmpty(state) || !Path.IsPathFullyQualified(state))
            state = environment("HOME") is { Length: > 0 } home && Path.IsPathFullyQualified(home) ? Path.Combine(home, ".local", "state") : null;
        return state is null ? null : Path.Combine(state, "tailscale2otel", "spool");
    }

    static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The default spool directory {Configured} cannot be written ({Error}); the spool is in {Fallback}. Set spool.directory to choose.")]
        public static partial void Relocated(ILogger log, string configured, string error, string fallback);
    }
}
