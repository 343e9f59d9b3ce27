using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Ingest.LogStream;

/// <summary>
/// Tells Tailscale to stream its logs here (<c>streaming.auto_configure</c>). Best effort: what goes wrong is logged once for
/// each reason, counted, and stands on the status page until it is over; the receiver does not depend on it.
/// </summary>
sealed partial class AutoConfigure(StreamSetup setup, ComponentErrors errors, Health health, TimeProvider time, ILogger<AutoConfigure> logger)
{
    const string Component = "auto_configure";

    static readonly LogType[] Types = [LogType.Network, LogType.Configuration];

    static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(10);
    static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(10);

    /// <summary>A refusal lasts until somebody changes scopes, plan or policy, which needs no restart here.</summary>
    static readonly TimeSpan RefusedRetry = TimeSpan.FromHours(1);

    /// <summary>Ends when nothing is left to do or the token is cancelled, which it does not throw for.</summary>
    public async Task RunAsync(IReadOnlyList<StreamTarget> targets, CancellationToken stop)
    {
        try
        {
            await Task.WhenAll(targets.Select(target => RunAsync(target, stop)));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    /// <summary>The one log after the other: for a private endpoint each changes the tailnet's policy.</summary>
    async Task RunAsync(StreamTarget target, CancellationToken stop)
    {
        if (!IsSound(target))
            return;

        var told = new Dictionary<LogType, string>();
        List<LogType> open = [.. Types];
        for (var failures = 1; open.Count > 0; failures++)
        {
            var wait = TimeSpan.Zero;
            foreach (var type in open.ToArray())
            {
                var result = await AttemptAsync(target, type, stop);
                Tell(target, type, result, told);
                if (result.IsFinal)
                    open.Remove(type);
                else
                    wait = Sooner(wait, Wait(result, failures));
            }

            if (open.Count > 0)
                await Task.Delay(wait, time, stop);
        }
    }

    async Task<SetupResult> AttemptAsync(StreamTarget target, LogType type, CancellationToken stop)
    {
        try
        {
            return await setup.RunAsync(target, type, stop);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A bug of this part is no reason to stop receiving. What the exception says may quote the destination.
            return new SetupResult(SetupState.Failed, $"unexpected {e.GetType().Name}");
        }
    }

    bool IsSound(StreamTarget target)
    {
        var url = StreamUrl.Examine(target.Wanted.Url, target.Receiver);
        foreach (var warning in url.Warnings)
            Log.Warning(logger, target.Key, warning);

        var problems = url.Errors.Select(e => $"{target.Key}.public_url: {e}").ToList();
        if (target.Wanted.Token is not { IsEmpty: false })
            problems.Add($"{target.Key}.token: is empty, and Tailscale would be refused: set it");
        if (!target.Client.Tailnet.Auth.IsSet)
            problems.Add($"{target.Client.Tailnet.AuthKey}: there is no credential to tell Tailscale with");
        if (problems.Count == 0)
            return true;

        var advice = string.Join("; ", problems);
        errors.Add(Component);
        health.Report(target.Label.Length == 0 ? Component : $"{Component} of {target.Label}", advice);
        Log.NotSound(logger, advice);
        return false;
    }

    void Tell(StreamTarget target, LogType type, SetupResult result, Dictionary<LogType, string> told)
    {
        var (title, component) = (StreamWords.Title(type, target.Label), StreamWords.Component(Component, type, target.Label));
        if (result.IsDone)
        {
            health.Clear(component);
            if (result.State == SetupState.Set)
                Log.Set(logger, title, StreamWords.Describe(target.Wanted), StreamTarget.User);
            else
                Log.AlreadySet(logger, title, StreamWords.Describe(target.Wanted));
            return;
        }

        errors.Add(Component);
        health.Report(component, result.Advice);
        if (told.GetValueOrDefault(type) == result.Advice)
            return;

        told[type] = result.Advice;
        if (result.State == SetupState.Failed)
            Log.Failed(logger, title, result.Advice);
        else
            Log.NotSet(logger, title, result.Advice);
    }

    static TimeSpan Sooner(TimeSpan chosen, TimeSpan wait) => chosen == TimeSpan.Zero || wait < chosen ? wait : chosen;

    static TimeSpan Wait(SetupResult result, int failures)
    {
        if (result.State == SetupState.Refused)
            return RefusedRetry;

        var doubled = FirstRetry * Math.Pow(2, Math.Min(failures - 1, 10));
        var wait = (doubled < LongestRetry ? doubled : LongestRetry) * (0.75 + Random.Shared.NextDouble() / 4);
        return result.RetryAfter is { } asked && asked > wait ? asked : wait;
    }

    static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Logs}: Tailscale streams them to {Destination} as {User} from now on")]
        public static partial void Set(ILogger logger, string logs, string destination, string user);

        [LoggerMessage(LogLevel.Information, "{Logs}: Tailscale streams them to {Destination} already")]
        public static partial void AlreadySet(ILogger logger, string logs, string destination);

        [LoggerMessage(LogLevel.Warning, "{Section}.public_url: {Warning}")]
        public static partial void Warning(ILogger logger, string section, string warning);

        [LoggerMessage(LogLevel.Error, "Tailscale is not told to stream here. {Problems}")]
        public static partial void NotSound(ILogger logger, string problems);

        [LoggerMessage(LogLevel.Error, "{Logs} do not come here: {Advice}")]
        public static partial void NotSet(ILogger logger, string logs, string advice);

        [LoggerMessage(LogLevel.Warning, "{Logs}: {Advice}. Trying again later; the receiver is not affected")]
        public static partial void Failed(ILogger logger, string logs, string advice);
    }
}
