using System.Globalization;
using Tailscale2Otel.Diagnostics;

namespace Tailscale2Otel.Hosting.Supervision;

/// <summary>
/// Tells the service manager that started this process (systemd, <c>Type=notify</c>) when it is ready, that it stops, and, as
/// long as that is true, that it is alive. Nothing of it stops the daemon: what could not be said is told in the log.
/// </summary>
sealed partial class ServiceManager : IDisposable
{
    const string SocketVariable = "NOTIFY_SOCKET";
    const string WatchdogVariable = "WATCHDOG_USEC";
    const string WatchdogProcessVariable = "WATCHDOG_PID";

    static readonly TimeSpan LongestWatchdog = TimeSpan.FromDays(1);

    readonly NotifySocket _socket;
    readonly TimeProvider _time;
    readonly ComponentErrors _errors;
    readonly ILogger _log;
    PeriodicTimer? _timer;

    ServiceManager(NotifySocket socket, TimeSpan? watchdog, TimeProvider time, ComponentErrors errors, ILogger log)
    {
        _socket = socket;
        _time = time;
        _errors = errors;
        _log = log;
        Watchdog = watchdog;
    }

    /// <summary>How long the service manager waits for a sign of life before it ends the process; null for ever.</summary>
    public TimeSpan? Watchdog { get; }

    /// <returns>Null when nobody wants to be told.</returns>
    public static ServiceManager? Of(IReadOnlyDictionary<string, string> environment, TimeProvider time, ComponentErrors errors, ILogger log)
    {
        var name = environment.GetValueOrDefault(SocketVariable, "");
        if (name.Length == 0)
            return null;
        if (NotifySocket.Of(name) is { } socket)
            return new ServiceManager(socket, WatchdogOf(environment), time, errors, log);

        errors.Add("service_manager");
        Log.UnknownAddress(log, SocketVariable);
        return null;
    }

    public void Ready() => Say("READY=1");

    public void Stopping() => Say("STOPPING=1");

    /// <summary>Says at half of <see cref="Watchdog"/> that the process is alive, until disposed.</summary>
    /// <param name="probe">Returns when the pipeline can be asked something; while it is stuck, so is this, and nothing is said.</param>
    public async Task WatchAsync(Action probe)
    {
        if (Watchdog is not { } watchdog)
            return;

        _timer = new PeriodicTimer(watchdog / 2, _time);
        while (await _timer.WaitForNextTickAsync())
        {
            probe();
            Say("WATCHDOG=1");
        }
    }

    public void Dispose() => _timer?.Dispose();

    /// <summary>A watchdog of another process is inherited and not meant.</summary>
    static TimeSpan? WatchdogOf(IReadOnlyDictionary<string, string> environment)
    {
        if (environment.GetValueOrDefault(WatchdogProcessVariable, "") is { Length: > 0 } process && process != Environment.ProcessId.ToString(CultureInfo.InvariantCulture))
            return null;
        if (!ulong.TryParse(environment.GetValueOrDefault(WatchdogVariable, ""), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds) || microseconds == 0)
            return null;

        // A timer has a resolution of milliseconds.
        return TimeSpan.FromMilliseconds(Math.Clamp(microseconds / 1000.0, 2, LongestWatchdog.TotalMilliseconds));
    }

    void Say(string state)
    {
        if (_socket.Send(state) is not { } problem)
            return;

        _errors.Add("service_manager");
        Log.NotSaid(_log, state, problem);
    }

    static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Variable} is neither an absolute path nor an abstract name (@…), so that the service manager is not told anything: with Type=notify it takes the start for failed")]
        public static partial void UnknownAddress(ILogger log, string variable);

        [LoggerMessage(LogLevel.Warning, "The service manager could not be told {State}: {Problem}. Does NOTIFY_SOCKET exist inside this process's file system, and may its user write to it?")]
        public static partial void NotSaid(ILogger log, string state, string problem);
    }
}
