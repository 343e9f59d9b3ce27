using System.Diagnostics.Metrics;
using System.Text.Json;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tailscale;

/// <summary>
/// What is known of each operation of one tailnet's API, as metrics and in words. A change is one line of the log; what stays as it is
/// is not told again. For concurrent use.
/// </summary>
sealed partial class ApiStates
{
    /// <summary>An operation that fails, works and fails again gets one line in this time.</summary>
    static readonly TimeSpan Quiet = TimeSpan.FromMinutes(10);

    static readonly (ApiState State, string Name)[] Names = [.. Enum.GetValues<ApiState>().Select(s => (s, NameOf(s)))];

    readonly Lock _gate = new();
    readonly Dictionary<ApiOperation, Entry> _entries = [];
    readonly string _tailnet;
    readonly TimeProvider _time;
    readonly ILogger _logger;

    /// <param name="tailnet">Its name, or nothing.</param>
    public ApiStates(string tailnet, Meter meter, TimeProvider time, ILogger logger)
    {
        _tailnet = tailnet;
        _time = time;
        _logger = logger;
        meter.CreateObservableGauge("tailscale2otel.api.availability", ObserveStates, "1", "1 on the current state of each API operation");
        meter.CreateObservableGauge("tailscale2otel.api.last_probe", ObserveTimes, "s", "Unix time an API operation was last exercised");
    }

    /// <summary>Of every operation that was asked for, by name.</summary>
    public IReadOnlyList<ApiStanding> All
    {
        get
        {
            lock (_gate)
                return [.. _entries.Values.Select(e => e.Standing).OrderBy(s => s.Operation.Name, StringComparer.Ordinal)];
        }
    }

    /// <summary>As attributes have it.</summary>
    public static string NameOf(ApiState state) => JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString());

    public ApiStanding Of(ApiOperation operation)
    {
        lock (_gate)
            return _entries.TryGetValue(operation, out var entry) ? entry.Standing : Unknown(operation);
    }

    /// <summary>It is being asked for: unknown, unless more is known.</summary>
    public void Begun(ApiOperation operation)
    {
        lock (_gate)
            _entries.TryAdd(operation, new Entry(Unknown(operation)));
    }

    public void Succeeded(ApiOperation operation)
    {
        bool say;
        lock (_gate)
        {
            var entry = _entries[operation];
            say = entry.IsTold;
            entry.IsTold = false;
            entry.Standing = new ApiStanding(operation, ApiState.Supported, _time.GetUtcNow(), "");
        }

        if (say)
            Log.Answers(_logger, operation.Name, Where);
    }

    public void Failed(ApiOperation operation, ApiFailure failure)
    {
        bool say;
        lock (_gate)
        {
            if (!_entries.TryGetValue(operation, out var entry))
                _entries[operation] = entry = new Entry(Unknown(operation));
            say = IsNews(entry, failure.State);
            entry.IsTold |= say;
            entry.Standing = new ApiStanding(operation, failure.State, _time.GetUtcNow(), failure.Message);
        }

        if (!say)
            return;
        if (failure.State == ApiState.CredentialRejected)
            Log.Rejected(_logger, operation.Name, Where, failure.Message);
        else
            Log.Fails(_logger, operation.Name, Where, failure.Message);
    }

    string Where => _tailnet.Length == 0 ? "" : $" of {_tailnet}";

    static ApiStanding Unknown(ApiOperation operation) => new(operation, ApiState.Unknown, null, "");

    bool IsNews(Entry entry, ApiState state)
    {
        if (entry.Standing.State == state)
            return false;
        if (entry.ToldAt.TryGetValue(state, out var toldAt) && _time.GetElapsedTime(toldAt) < Quiet)
            return false;
        entry.ToldAt[state] = _time.GetTimestamp();
        return true;
    }

    List<Measurement<long>> ObserveStates() =>
        [.. from standing in All from state in Names select new Measurement<long>(standing.State == state.State ? 1 : 0, Tags(standing, new KeyValuePair<string, object?>("tailscale.api.state", state.Name)))];

    List<Measurement<double>> ObserveTimes() =>
        [.. from standing in All where standing.At is not null select new Measurement<double>(UnixTime.Nanoseconds(standing.At!.Value) / 1e9, Tags(standing))];

    KeyValuePair<string, object?>[] Tags(ApiStanding standing, params KeyValuePair<string, object?>[] more) =>
    [
        new("tailscale.collector", standing.Operation.Collector),
        new("tailscale.api.operation", standing.Operation.Name),
        .. more,
        .. ApiMetrics.TailnetTag(_tailnet),
    ];

    sealed class Entry(ApiStanding standing)
    {
        public ApiStanding Standing { get; set; } = standing;

        /// <summary>The log says that it fails, so that it must say when that is over.</summary>
        public bool IsTold { get; set; }

        /// <summary>When each state was told last: two that take turns are told as seldom as one.</summary>
        public Dictionary<ApiState, long> ToldAt { get; } = [];
    }

    static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Tailscale API{Tailnet}: {Operation} is not to be had. {Message}")]
        public static partial void Fails(ILogger logger, string operation, string tailnet, string message);

        [LoggerMessage(2, LogLevel.Error, "Tailscale API{Tailnet}: {Operation} is not to be had. {Message}")]
        public static partial void Rejected(ILogger logger, string operation, string tailnet, string message);

        [LoggerMessage(3, LogLevel.Information, "Tailscale API{Tailnet}: {Operation} answers again")]
        public static partial void Answers(ILogger logger, string operation, string tailnet);
    }
}
