using Microsoft.Extensions.Logging.Console;
using Tailscale2Otel.Config;

namespace Tailscale2Otel.Cli;

/// <summary>Sets the daemon's own log up: standard error, since standard output may carry records (<c>otlp.protocol: stdout</c>).</summary>
static class ConsoleLogging
{
    const string Timestamp = "yyyy-MM-ddTHH:mm:ss.fffZ ";

    public static ILoggingBuilder AddConsoleLogging(this ILoggingBuilder logging, ProcessOptions options)
    {
        logging.ClearProviders();
        var level = Level(options.LogLevel);
        logging.SetMinimumLevel(level);
        // The frameworks' news below a warning is not the operator's.
        if (level == LogLevel.Information)
            logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning);
        // The server warns that it cannot speak HTTP/2 without TLS; the listeners see to that themselves.
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error);
        // Tells of each request with its whole URL, in which a sender may carry its token (streaming.allow_query_token).
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);

        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        return options.LogFormat == LogFormat.Json
            ? logging.AddJsonConsole(json =>
            {
                json.UseUtcTimestamp = true;
                json.TimestampFormat = Timestamp.TrimEnd();
            })
            : logging.AddSimpleConsole(text =>
            {
                text.SingleLine = true;
                text.UseUtcTimestamp = true;
                text.TimestampFormat = Timestamp;
                text.ColorBehavior = LoggerColorBehavior.Default;
            });
    }

    static LogLevel Level(LogVerbosity level) => level switch
    {
        LogVerbosity.Debug => LogLevel.Debug,
        LogVerbosity.Info => LogLevel.Information,
        LogVerbosity.Warn => LogLevel.Warning,
        _ => LogLevel.Error,
    };
}
