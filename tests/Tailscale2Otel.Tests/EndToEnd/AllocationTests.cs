using Tailscale2Otel.Processing.Flow;
using Tailscale2Otel.Spool;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.EndToEnd;

/// <summary>
/// Nothing is allocated for a record or a connection in steady state, so that memory and collections depend neither on traffic
/// nor on the machine. Bytes are those of <see cref="GC.GetAllocatedBytesForCurrentThread"/>, since the path is one thread's and
/// other tests allocate meanwhile; of several rounds the least counts, because the runtime allocates for itself now and then.
/// </summary>
sealed class AllocationTests
{
    const int Records = 10_000;
    const int WarmUp = 2_000;
    const int Rounds = 3;
    const int AllRecords = WarmUp + (Rounds * Records);

    /// <summary>A writer and its buffers' owners.</summary>
    const int BytesOfBatch = 256;

    /// <summary>The lists of places and the append of one request.</summary>
    const int BytesOfRequest = 256;

    /// <summary>Names and handles of the generations' files, spread over their keys.</summary>
    const int BytesOfKey = 4;

    [TestCase(FlowLogMode.PerConnection)]
    [TestCase(FlowLogMode.PerRecord)]
    [TestCase(FlowLogMode.Off)]
    public async Task From_spool_to_OTLP_nothing_is_allocated_for_a_hundred_thousand_connections(FlowLogMode mode) =>
        Assert.That(await LeastAsync(mode, isWindowOnDisk: false), Is.LessThanOrEqualTo(0));

    [Test]
    public async Task Keys_cost_their_generations_file_and_nothing_else() =>
        Assert.That(await LeastAsync(FlowLogMode.PerRecord, isWindowOnDisk: true), Is.LessThanOrEqualTo(Records * BytesOfKey));

    [Test]
    public void From_body_to_append_nothing_is_allocated_for_a_record()
    {
        var body = FlowBodies.Body(0);
        const int Requests = Records / FlowBodies.Records;
        var least = Enumerable.Range(0, Rounds + 1).Min(_ => Allocations.Of(() =>
        {
            for (var i = 0; i < Requests; i++)
            {
                using var append = new SpoolAppend();
                RecordPath.Frame(body, append);
            }
        }));

        TestContext.Out.WriteLine($"{least} bytes for {Requests} requests");
        Assert.That(least, Is.LessThanOrEqualTo(Requests * BytesOfRequest));
    }

    /// <summary>Bytes of a round of ten thousand records beyond those of its batches.</summary>
    static async Task<long> LeastAsync(FlowLogMode mode, bool isWindowOnDisk)
    {
        await using var path = new RecordPath(mode, isWindowOnDisk);
        for (var i = 0; i < AllRecords / FlowBodies.Records; i++)
            await path.AppendAsync(FlowBodies.Body(i));

        path.Grind(WarmUp);
        var least = long.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var batches = path.Batches;
            var allocated = Allocations.Of(() => path.Grind(Records));
            TestContext.Out.WriteLine($"{allocated} bytes, {path.Batches - batches} batches");
            least = Math.Min(least, allocated - ((path.Batches - batches) * BytesOfBatch));
        }

        Assert.That(path.LogRecords, Is.EqualTo(mode switch
        {
            FlowLogMode.PerConnection => AllRecords * FlowBodies.Connections,
            FlowLogMode.PerRecord => AllRecords,
            _ => 0,
        }));
        return least;
    }
}
