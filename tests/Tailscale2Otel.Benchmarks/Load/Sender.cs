using System.Diagnostics;

namespace Tailscale2Otel.Benchmarks.Load;

/// <summary>
/// The process that plays Tailscale: says that it is ready, waits for a line, and posts prepared requests on blocking
/// sockets, one thread each, so that it takes little of the processors that it shares with the daemon.
/// </summary>
sealed class Sender : IDisposable
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    readonly SenderPlan _plan;
    readonly LoadLedger _ledger;
    readonly LoadRequest[] _requests;
    readonly PreparedRequests? _prepared;
    readonly Lock _gate = new();
    long _next;
    long _began;

    Sender(SenderPlan plan)
    {
        _plan = plan;
        _ledger = LoadLedger.Open(plan.Ledger);
        _next = plan.First - 1;
        var traffic = new LoadTraffic(plan.Nodes, plan.Pairs, plan.Named);
        var different = Math.Max(plan.Connections, Math.Min(plan.Requests, traffic.Requests));
        _requests = [.. Enumerable.Range(0, different).AsParallel().AsOrdered().Select(i => new LoadRequest(new LoadBody(i * LoadBody.Records, traffic)))];
        if (plan.Gzip)
            _prepared = new PreparedRequests(_requests, plan.First, plan.Requests);
    }

    public static int Run(string plan)
    {
        using var sender = new Sender(SenderPlan.Parse(plan));
        Console.WriteLine("ready");
        if (Console.ReadLine() is null)
            return 1;

        var id = Environment.ProcessId;
        var (user, system) = ProcessUsage.Processor(id);
        sender.Send();
        var after = ProcessUsage.Processor(id);
        Console.WriteLine(FormattableString.Invariant($"{after.User + after.System - user - system}"));
        return 0;
    }

    public void Dispose()
    {
        _prepared?.Dispose();
        _ledger.Dispose();
    }

    void Send()
    {
        _began = TimeProvider.System.GetTimestamp();
        Thread[] threads = [.. Enumerable.Range(0, _plan.Connections).Select(c => new Thread(() => SendShare(c)))];
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        _ledger[LoadCount.NextRequest] = Math.Min(_next + 1, _plan.First + _plan.Requests);
    }

    /// <summary>Each connection has requests of its own, so that none is numbered anew while it is being sent.</summary>
    void SendShare(int connection)
    {
        var buffer = new byte[_prepared?.Longest ?? 0];
        using var socket = new SenderSocket(_plan.Port);
        for (var turn = connection; ; turn = turn + _plan.Connections < _requests.Length ? turn + _plan.Connections : connection)
        {
            var request = Interlocked.Increment(ref _next);
            if (request >= _plan.First + _plan.Requests || !WaitUntilDue(request - _plan.First))
                return;

            var bytes = _prepared is null ? _requests[turn].Numbered(request * LoadBody.Records) : _prepared.Read(request, buffer);
            var sent = Stopwatch.GetTimestamp();
            _ledger.Sent(request, sent);
            var isAccepted = socket.Post(bytes);
            Note(request, isAccepted, Stopwatch.GetTimestamp());
            if (!isAccepted)
                Thread.Sleep(Pause);
        }
    }

    /// <summary>False when the time is over.</summary>
    bool WaitUntilDue(long index)
    {
        var elapsed = TimeProvider.System.GetElapsedTime(_began);
        if (_plan.Rate is { } rate)
        {
            var due = TimeSpan.FromSeconds(index * LoadBody.Records / rate);
            if (due > elapsed)
                Thread.Sleep(due - elapsed);
            return due.TotalSeconds < _plan.Seconds;
        }

        return elapsed.TotalSeconds < _plan.Seconds;
    }

    void Note(long request, bool isAccepted, long at)
    {
        lock (_gate)
        {
            if (isAccepted)
            {
                _ledger.Answered(request, at);
                _ledger[LoadCount.Acknowledged] += LoadBody.Records;
                _ledger[LoadCount.LastAnswer] = at;
            }
            else
            {
                _ledger[LoadCount.Refused]++;
            }
        }
    }
}
