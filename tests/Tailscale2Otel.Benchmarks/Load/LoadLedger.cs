using System.IO.MemoryMappedFiles;

namespace Tailscale2Otel.Benchmarks.Load;

/// <summary>
/// What sender and sink know, in a file that they and the run have mapped: counters, and of each request when it was sent,
/// answered with success and whole at the sink. Times are of <see cref="TimeProvider.GetTimestamp"/>, one clock for all
/// processes of a machine.
/// </summary>
sealed class LoadLedger : IDisposable
{
    /// <summary>As many as sequence numbers have digits for.</summary>
    public const int Requests = 10_000_000;

    const int Header = 4096;
    const int Row = 3 * sizeof(long);

    readonly MemoryMappedFile _file;
    readonly MemoryMappedViewAccessor _view;

    LoadLedger(MemoryMappedFile file)
    {
        _file = file;
        _view = file.CreateViewAccessor();
    }

    public long this[LoadCount count]
    {
        get => _view.ReadInt64((int)count * sizeof(long));
        set => _view.Write((int)count * sizeof(long), value);
    }

    /// <summary>A file of holes, which become blocks as rows are written.</summary>
    public static LoadLedger Create(string path) =>
        new(MemoryMappedFile.CreateFromFile(path, FileMode.CreateNew, mapName: null, Header + ((long)Requests * Row)));

    public static LoadLedger Open(string path) => new(MemoryMappedFile.CreateFromFile(path, FileMode.Open));

    public void Sent(long request, long at) => _view.Write(Header + (request * Row), at);

    public void Answered(long request, long at) => _view.Write(Header + (request * Row) + sizeof(long), at);

    public void Arrived(long request, long at) => _view.Write(Header + (request * Row) + (2 * sizeof(long)), at);

    /// <summary>Milliseconds from sending to the answer, and to the sink, of the requests from <paramref name="first"/> for which there are both.</summary>
    public (Percentiles Answer, Percentiles Arrival) Latencies(long first, long end)
    {
        List<double> answers = [];
        List<double> arrivals = [];
        for (var request = first; request < end; request++)
        {
            var at = Header + (request * Row);
            var (sent, answered, arrived) = (_view.ReadInt64(at), _view.ReadInt64(at + sizeof(long)), _view.ReadInt64(at + (2 * sizeof(long))));
            if (answered > 0)
                answers.Add(TimeProvider.System.GetElapsedTime(sent, answered).TotalMilliseconds);
            if (arrived > 0)
                arrivals.Add(TimeProvider.System.GetElapsedTime(sent, arrived).TotalMilliseconds);
        }

        return (Percentiles.Of(answers), Percentiles.Of(arrivals));
    }

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }
}
