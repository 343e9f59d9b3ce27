using Tailscale2Otel.Ingest.Hec;
using Tailscale2Otel.Model;
using Tailscale2Otel.Spool;

namespace Tailscale2Otel.Tests.Ingest.Hec;

public sealed class HecAppendWriterTests
{
    [Test]
    public void Records_that_only_with_their_frames_are_over_one_append_are_too_much()
    {
        const int Records = 1_000_000;
        var body = new byte[SpoolAppend.MaxBytes / Records];
        using var found = new HecRecords();
        for (var i = 0; i < Records; i++)
            found.Add(new HecRecord(RecordSignal.RawLine, 0, body.Length, -1));
        Assert.That(HecReading.TryAppend(body, found, HecLimits.From(new HecOptions()), out var records), Is.False);
        Assert.That(records, Is.Empty);
    }
}
