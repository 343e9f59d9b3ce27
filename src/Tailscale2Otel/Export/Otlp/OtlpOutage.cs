using System.Globalization;
using Tailscale2Otel.Diagnostics;

namespace Tailscale2Otel.Export.Otlp;

/// <summary>
/// Tells the operator about one signal's backend: the first failure of a kind at once, then at most one line a minute for each
/// kind, and one line when it is over; what only the operator can mend goes to <see cref="Health"/> too. The backend's own
/// words are logged only where the credentials or the address are wrong: in other answers they may quote data.
/// </summary>
sealed partial class OtlpOutage(OtlpTarget target, ExportMetrics metrics, Health health, ILogger logger, TimeProvider time)
{
    static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    readonly Lock _gate = new();
    readonly Dictionary<string, long> _lastLine = new(StringComparer.Ordinal);
    readonly string _component = $"otlp {target.Name}";
    long _since;
    int _failures;
    int _suppressed;
    bool _said;
    bool _isUnhealthy;

    /// <summary>An attempt that will be repeated.</summary>
    public void Failed(in OtlpReply reply)
    {
        var isLoud = reply.Decision == OtlpDecision.RetryLoudly;
        bool say;
        int suppressed;
        lock (_gate)
        {
            if (_failures++ == 0)
                _since = time.GetTimestamp();
            say = IsDue(reply.ErrorType);
            suppressed = _suppressed;
            _suppressed = say ? 0 : _suppressed + 1;
            _said |= say;
            if (isLoud && !_isUnhealthy)
            {
                _isUnhealthy = true;
                health.Report(_component, Advice(reply.Status));
            }
        }

        if (!say)
            metrics.Suppressed(target.Name, reply.ErrorType);
        else if (isLoud)
            Log.Refused(logger, target.Name, target.Endpoint.Authority, Answer(reply), Advice(reply.Status), reply.Message, Earlier(suppressed));
        else
            Log.Unreachable(logger, target.Name, target.Endpoint.Authority, Answer(reply), Earlier(suppressed));
    }

    public void Succeeded()
    {
        int failures;
        bool said;
        TimeSpan duration;
        lock (_gate)
        {
            if (_failures == 0)
                return;
            failures = _failures;
            said = _said;
            duration = time.GetElapsedTime(_since);
            _failures = 0;
            _suppressed = 0;
            _said = false;
            if (_isUnhealthy)
                health.Clear(_component);
            _isUnhealthy = false;
        }

        if (said)
            Log.Recovered(logger, target.Name, target.Endpoint.Authority, duration, failures);
    }

    /// <summary>The backend took the request but not all that was in it.</summary>
    public void PartiallyRejected(in OtlpReply reply)
    {
        bool say;
        lock (_gate)
            say = IsDue("partial_success");
        if (say)
            Log.PartialSuccess(logger, target.Name, target.Endpoint.Authority, reply.Rejected);
        else
            metrics.Suppressed(target.Name, "partial_success");
    }

    /// <summary>The backend refused single records or metrics for good.</summary>
    public void Refused(in OtlpReply reply)
    {
        bool say;
        lock (_gate)
            say = IsDue("refused");
        if (say)
            Log.DataRefused(logger, target.Name, target.Endpoint.Authority, Answer(reply));
        else
            metrics.Suppressed(target.Name, reply.ErrorType);
    }

    bool IsDue(string kind)
    {
        if (_lastLine.TryGetValue(kind, out var last) && time.GetElapsedTime(last) < Quiet)
            return false;
        _lastLine[kind] = time.GetTimestamp();
        return true;
    }

    string Answer(in OtlpReply reply) =>
        reply.Status < 0 ? $"no answer ({reply.ErrorType}): {reply.Message}"
        : IsHttp(reply.Status) ? $"HTTP {reply.Status}"
        : $"gRPC status {reply.Status}";

    string Advice(int status) => status switch
    {
        401 or 403 or 407 or 7 or 16 => "The OTLP backend refuses the credentials: check otlp.headers, otlp.grafana_cloud and the client certificate.",
        -1 => "The OTLP backend's TLS certificate or protocol does not fit: check otlp.endpoint, otlp.protocol and otlp.tls.",
        _ => $"The OTLP backend answers {(IsHttp(status) ? "HTTP" : "gRPC status")} {status} to everything: check otlp.endpoint and otlp.protocol.",
    };

    /// <summary>The end of the sentence, and how often it was not said since the last time.</summary>
    static string Earlier(int suppressed) => suppressed == 0 ? "." : string.Create(CultureInfo.InvariantCulture, $". ({suppressed} earlier lines withheld)");

    bool IsHttp(int status) => target.Protocol == OtlpChoice.Http || status > 99;

    static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Cannot deliver {Signal} to {Endpoint}: {Answer}. Repeating; nothing is lost{Earlier}")]
        public static partial void Unreachable(ILogger logger, string signal, string endpoint, string answer, string earlier);

        [LoggerMessage(2, LogLevel.Error, "{Endpoint} refuses {Signal}: {Answer}. {Advice} It says: {Message}. Repeating; nothing is lost{Earlier}")]
        public static partial void Refused(ILogger logger, string signal, string endpoint, string answer, string advice, string message, string earlier);

        [LoggerMessage(3, LogLevel.Information, "{Endpoint} takes {Signal} again after {Duration} and {Failures} failed attempts")]
        public static partial void Recovered(ILogger logger, string signal, string endpoint, TimeSpan duration, int failures);

        [LoggerMessage(4, LogLevel.Warning, "{Endpoint} accepted a request of {Signal} but rejected {Rejected} items of it, without saying which")]
        public static partial void PartialSuccess(ILogger logger, string signal, string endpoint, long rejected);

        [LoggerMessage(5, LogLevel.Warning, "{Endpoint} refuses single items of {Signal} for good: {Answer}")]
        public static partial void DataRefused(ILogger logger, string signal, string endpoint, string answer);
    }
}
