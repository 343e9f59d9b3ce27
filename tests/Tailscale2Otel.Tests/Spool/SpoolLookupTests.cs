using System.Text;
using Tailscale2Otel.Model;
using Tailscale2Otel.Spool;

namespace Tailscale2Otel.Tests.Spool;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
sealed class SpoolLookupTests : IAsyncDisposable
{
    readonly SpoolHarness _house = new();

    public ValueTask DisposeAsync() => _house.DisposeAsync();

    [Test]
    public async Task Finds_every_record_while_the_daemon_has_the_spool()
    {
        _house.Open();
        for (var i = 0; i < 30; i++)
            await _house.AppendAsync($"{i} {new string('x', 5000)}", $"{i} second");
        Assert.That(_house.Segments, Has.Length.GreaterThan(1));

        using var lookup = new SpoolLookup(_house.Folder);
        using var reader = _house.Spool.Read(SpoolPosition.Start);
        while (reader.TryRead(out var expected))
        {
            Assert.That(lookup.TryFind(expected.Position, out var found));
            Assert.That(Encoding.UTF8.GetString(found.Payload), Is.EqualTo(Encoding.UTF8.GetString(expected.Payload)));
            Assert.That((found.Next, found.ReceivedAt, found.Tailnet), Is.EqualTo((expected.Next, expected.ReceivedAt, expected.Tailnet)));
            Assert.That(found.Metadata.SequenceEqual(expected.Metadata));
        }
    }

    [TestCase(-1)]
    [TestCase(1)]
    [TestCase(1_000_000)]
    public async Task Finds_nothing_where_no_record_begins(long position)
    {
        _house.Open();
        await _house.AppendAsync("one", "two");
        using var lookup = new SpoolLookup(_house.Folder);

        Assert.That(lookup.TryFind(new SpoolPosition(position), out _), Is.False);
    }

    [Test]
    public async Task A_damaged_record_and_a_damaged_segment_are_not_found()
    {
        _house.Open();
        await _house.AppendAsync("one");
        using var lookup = new SpoolLookup(_house.Folder);
        var bytes = File.ReadAllBytes(_house.LastSegment);
        bytes[^1] ^= 1;
        File.WriteAllBytes(_house.LastSegment, bytes);
        Assert.That(lookup.TryFind(SpoolPosition.Start, out _), Is.False);

        File.WriteAllBytes(_house.LastSegment, bytes[..20]);
        Assert.That(lookup.TryFind(SpoolPosition.Start, out _), Is.False);
        File.Delete(_house.LastSegment);
        Assert.That(lookup.TryFind(SpoolPosition.Start, out _), Is.False);
    }
}
