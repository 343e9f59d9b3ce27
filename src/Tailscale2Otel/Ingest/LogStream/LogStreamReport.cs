using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Model;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Ingest.LogStream;

/// <summary>Says what became of one log's stream, once for each change, and keeps it on the status page while it lasts.</summary>
/// <param name="secrets">The receiver's tokens, which the API may quote in its errors.</param>
sealed partial class LogStreamReport(LogStreamSeries series, IReadOnlyList<Secret> secrets, Health health, ILogger logger)
{
    /// <summary>So many statuses in a row that could not be had are worth a line.</summary>
    const int Worrying = 3;

    readonly string _title = StreamWords.Title(series.Type, series.Tailnet);
    readonly string _delivery = StreamWords.Component("log stream", series.Type, series.Tailnet);
    readonly string _destination = StreamWords.Component("log stream destination", series.Type, series.Tailnet);
    string _error = "";
    string _drift = "";

    /// <summary>From now on the status page says how the stream is, also when nothing is wrong.</summary>
    public void Watch() => health.Describe(_delivery, series.Describe);

    public void Status(LogStreamStatus status)
    {
        var isFine = status.LastError.Length == 0;
        var error = isFine ? "" : DeliveryError.InWords(status.LastError);
        if (error == _error)
            return;

        _error = error;
        if (isFine)
        {
            health.Clear(_delivery);
            Log.DeliversAgain(logger, _title);
            return;
        }

        health.Report(_delivery, $"Tailscale's last delivery failed: {error}");
        Log.DeliveryFailed(logger, _title, error);
    }

    /// <summary>Without a destination, or when nothing may be asked, nothing is wrong with a delivery.</summary>
    public void NoDelivery()
    {
        _error = "";
        health.Clear(_delivery);
    }

    public void StatusMissed(int inARow, ApiFailure failure)
    {
        if (inARow == Worrying)
            Log.StatusMissed(logger, _title, inARow, StreamErrorText.Clean(failure.Message, secrets));
    }

    /// <param name="wanted">Null when it is not ours.</param>
    public void Destination(LogStreamSink? wanted, LogStreamSink? present)
    {
        var drift = wanted is null || (present is not null && AppointedSinks.AreSame(wanted, present)) ? ""
            : $"Tailscale streams them to {(present is null ? "no destination" : $"another destination ({StreamWords.Describe(present)})")}, and was told to stream here. Somebody changed it; it is not set back while the daemon runs";
        if (drift == _drift)
            return;

        _drift = drift;
        if (drift.Length == 0)
        {
            health.Clear(_destination);
            Log.DestinationIsBack(logger, _title);
            return;
        }

        health.Report(_destination, drift);
        Log.DestinationChanged(logger, _title, drift);
    }

    static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Logs}: Tailscale's last delivery failed: {Error}")]
        public static partial void DeliveryFailed(ILogger logger, string logs, string error);

        [LoggerMessage(LogLevel.Information, "{Logs}: Tailscale delivers again")]
        public static partial void DeliversAgain(ILogger logger, string logs);

        [LoggerMessage(LogLevel.Information, "{Logs}: the last {Count} delivery statuses could not be had, which says nothing about the delivery: {Error}")]
        public static partial void StatusMissed(ILogger logger, string logs, int count, string error);

        [LoggerMessage(LogLevel.Warning, "{Logs}: {Change}")]
        public static partial void DestinationChanged(ILogger logger, string logs, string change);

        [LoggerMessage(LogLevel.Information, "{Logs}: the destination is the one that was set from here again")]
        public static partial void DestinationIsBack(ILogger logger, string logs);
    }
}
