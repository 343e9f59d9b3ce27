using System.Net;
using System.Net.Sockets;

namespace Tailscale2Otel.Benchmarks.Load;

/// <summary>
/// The process that plays the backend: takes everything on /v1/logs and /v1/metrics, and looks in it only for what the load
/// counts, so that it takes little of the processors that it shares with the daemon. Ends with its standard input.
/// </summary>
sealed class Sink : IDisposable
{
    static readonly TimeSpan SameCollection = TimeSpan.FromMilliseconds(300);

    readonly LoadLedger _ledger;
    readonly Lock _gate = new();

    /// <summary>For each request a bit for each of its records.</summary>
    readonly UInt128[] _seen = new UInt128[LoadLedger.Requests];

    long _lastMetrics;

    Sink(string ledger) => _ledger = LoadLedger.Open(ledger);

    public static int Run(string ledger)
    {
        using var sink = new Sink(ledger);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        new Thread(() => sink.Accept(listener)) { IsBackground = true }.Start();
        Console.WriteLine(((IPEndPoint)listener.LocalEndpoint).Port);
        _ = Console.In.ReadToEnd();
        return 0;
    }

    public void Dispose() => _ledger.Dispose();

    /// <param name="wire">Bytes of the body as it came.</param>
    public void TakeLogs(ReadOnlySpan<byte> body, int wire, long at)
    {
        lock (_gate)
        {
            var (records, unique) = (0L, 0L);
            for (var found = body.IndexOf(LoadBody.MarkerBytes); found >= 0; found = body.IndexOf(LoadBody.MarkerBytes))
            {
                body = body[(found + LoadBody.MarkerBytes.Length)..];
                records++;
                unique += Note(LoadBody.Read(body), at) ? 1 : 0;
            }

            _ledger[LoadCount.LogRecords] += records;
            _ledger[LoadCount.Arrived] += unique;
            _ledger[LoadCount.BytesReceived] += wire;
            if (unique > 0)
                _ledger[LoadCount.LastArrival] = at;
        }
    }

    public void TakeMetrics(ReadOnlySpan<byte> body, long at)
    {
        var (connections, series) = MetricsScanner.Read(body);
        lock (_gate)
        {
            // A collection that is too large for one request comes in several, one behind the other.
            var isSameCollection = TimeProvider.System.GetElapsedTime(_lastMetrics, at) < SameCollection;
            _ledger[LoadCount.Series] = series + (isSameCollection ? _ledger[LoadCount.Series] : 0);
            _lastMetrics = at;
            if (connections is null || connections == _ledger[LoadCount.Connections])
                return;
            _ledger[LoadCount.Connections] = connections.Value;
            _ledger[LoadCount.LastConnections] = at;
        }
    }

    bool Note(long number, long at)
    {
        var (request, record) = Math.DivRem(number, LoadBody.Records);
        var bit = UInt128.One << (int)record;
        if ((_seen[request] & bit) != 0)
            return false;

        _seen[request] |= bit;
        if (UInt128.PopCount(_seen[request]) == LoadBody.Records)
            _ledger.Arrived(request, at);
        return true;
    }

    void Accept(TcpListener listener)
    {
        while (true)
        {
            var socket = listener.AcceptSocket();
            socket.NoDelay = true;
            new Thread(() => new SinkSocket(socket, this).Serve()) { IsBackground = true }.Start();
        }
    }
}
