namespace Tailscale2Otel.Spool;

/// <summary>Where the spool lives: the configured directory, or a user's own state directory in place of an unwritable default.</summary>
static partial class SpoolLocation
{
    /// <summary>
    /// A spool that is there stays where it is: its records, its cursors and its keys would be forgotten by a daemon that began another,
    /// whatever became writable since.
    /// </summary>
    /// <param name="environment">Reads one environment variable.</param>
    /// <param name="movable">The directory that has a fallback.</param>
    /// <exception cref="SpoolException">The directory can neither be created nor written, and there is no other to take.</exception>
    public static DiskSpoolDirectory Open(string configured, Func<string, string?> environment, ILogger log, string movable = SpoolOptions.DefaultDirectory)
    {
        var fallback = configured == movable ? Fallback(environment) : null;
        var found = Find(configured, environment, movable);
        if (found == fallback)
            Log.StaysInFallback(log, fallback, configured);
        else if (fallback is not null && HoldsSpool(fallback))
            Log.SecondSpool(log, fallback, configured);

        try
        {
            return OpenWritable(found);
        }
        catch (IOException e) when (fallback is not null && !HoldsSpool(found))
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
            throw new SpoolException($"The spool directory {found} cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Where a daemon with this configuration has its spool, for who only looks at it.</summary>
    /// <inheritdoc cref="Open" path="/param"/>
    public static string Find(string configured, Func<string, string?> environment, string movable = SpoolOptions.DefaultDirectory) =>
        configured == movable && !HoldsSpool(configured) && Fallback(environment) is { } fallback && HoldsSpool(fallback)
            ? fallback
            : configured;

    /// <summary>Whether a daemon has had its spool there; false, too, where this user may not look.</summary>
    public static bool HoldsSpool(string path) => File.Exists(Path.Combine(path, CursorFile.Name));

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

        [LoggerMessage(LogLevel.Warning, "The spool is in {Fallback}, where an earlier start made it, and stays there. To have it in {Configured}, stop the daemon and move what is in {Fallback} there; or set spool.directory to choose.")]
        public static partial void StaysInFallback(ILogger log, string fallback, string configured);

        [LoggerMessage(LogLevel.Warning, "There is a second spool in {Fallback}, and what it holds is not delivered: the one in {Configured} is used. See what it holds with 'tailscale2otel spool inspect --spool {Fallback}', and deliver it with 'tailscale2otel replay --undelivered --spool {Fallback}' before you delete it.")]
        public static partial void SecondSpool(ILogger log, string fallback, string configured);
    }
}
