using System.Globalization;
using System.Text;
using Tailscale2Otel.Ingest.Poll;
using Tailscale2Otel.Tailscale;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Ingest.Poll;

/// <summary>A log as the API shows it: by the time it was logged, both ends included, and each record only once it is stored.</summary>
sealed class LogServer(ManualTime time)
{
    readonly TimeSpan _sinceEpoch = time.GetUtcNow() - DateTimeOffset.UnixEpoch;
    readonly long _began = time.GetTimestamp();
    readonly SortedDictionary<(DateTimeOffset Logged, int Number), (DateTimeOffset Visible, byte[] Json)> _records = [];
    int _number;

    /// <summary>The true time, whatever the clock of the daemon says.</summary>
    public DateTimeOffset Now => DateTimeOffset.UnixEpoch + _sinceEpoch + time.GetElapsedTime(_began);

    public List<(DateTimeOffset From, DateTimeOffset To)> Requests { get; } = [];

    /// <summary>By the number of the request, from 1.</summary>
    public Func<int, ApiFailure?> Failure { get; set; } = _ => null;

    /// <summary>Asked before each record, by its place in the answer; what it throws ends the answer.</summary>
    public Func<int, Task> BeforeRecord { get; set; } = _ => Task.CompletedTask;

    public bool SaysTime { get; set; } = true;

    /// <summary>How far off the time is that an answer says, by the number of the request.</summary>
    public Func<int, TimeSpan> Misreads { get; set; } = _ => TimeSpan.Zero;

    public long MaxBytes { get; set; } = long.MaxValue;

    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(30);

    public int Count => _records.Count;

    public LogPollSettings Settings { get; set; } = new(
        LogFeed.Flow, "example.com", "example.com", TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(5), TimeSpan.FromHours(1), TimeSpan.FromMinutes(5), TimeSpan.FromHours(26), 1L << 25);

    public static string Flow(int number, DateTimeOffset logged) => string.Create(CultureInfo.InvariantCulture, $$"""
        {"logged":"{{logged:O}}","nodeId":"n{{number}}","start":"{{logged.AddSeconds(-10):O}}","end":"{{logged.AddSeconds(-5):O}}","virtualTraffic":[{"proto":6,"src":"100.64.0.1:50000","dst":"100.64.0.2:443","txPkts":1,"txBytes":{{number}}}]}
        """).Trim();

    /// <param name="late">How long after it was logged the API shows it.</param>
    public void Add(DateTimeOffset logged, TimeSpan late = default) => Add(logged, Encoding.UTF8.GetBytes(Flow(_number + 1, logged)), late);

    public void Add(DateTimeOffset logged, byte[] json, TimeSpan late = default) => _records.Add((logged, ++_number), (logged + late, json));

    /// <summary>One record each so often, from one time to another.</summary>
    public void Fill(DateTimeOffset from, DateTimeOffset to, TimeSpan every, Func<int, TimeSpan>? late = null)
    {
        for (var logged = from; logged < to; logged += every)
            Add(logged, late?.Invoke(_number) ?? TimeSpan.FromSeconds(20));
    }

    /// <summary>What anybody could have fetched who asked for everything up to a time.</summary>
    public IEnumerable<string> Until(DateTimeOffset to, DateTimeOffset from = default) =>
        _records.Where(r => r.Key.Logged >= from && r.Key.Logged <= to).Select(r => Encoding.UTF8.GetString(r.Value.Json));

    public async Task<ApiResult<LogPage>> ReadAsync(LogType type, DateTimeOffset from, DateTimeOffset to, Func<LogElement, ValueTask> take, CancellationToken cancellation)
    {
        Requests.Add((from, to));
        if (Failure(Requests.Count) is { } failure)
            return failure;

        var (now, taken, bytes) = (Now, 0, 0L);
        foreach (var (key, record) in _records)
        {
            if (key.Logged < from || key.Logged > to || key.Logged < now - Retention || record.Visible > now)
                continue;
            bytes += record.Json.Length;
            if (bytes > MaxBytes)
                return new ApiFailure(ApiState.RequestRejected, 200, "too large", IsTooLarge: true);

            cancellation.ThrowIfCancellationRequested();
            await BeforeRecord(taken++);
            await take(record.Json.Length > LogAnswerReader.MaxRecordBytes ? new LogElement(record.Json.AsMemory(0, LogAnswerReader.BeginningBytes), record.Json.Length) : (ReadOnlyMemory<byte>)record.Json);
        }

        var second = new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
        return new ApiResult<LogPage>(new LogPage(taken, bytes, SaysTime ? second + Misreads(Requests.Count) : null), null);
    }
}
