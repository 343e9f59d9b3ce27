using Microsoft.Extensions.Logging.Abstractions;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing.Deduplication;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Processing.Deduplication;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
sealed class WindowMemoryTests : IDisposable
{
    const int MaxKeys = 1024;
    const long Second = 1_000_000_000;
    const long Hour = 3600 * Second;
    const long Start = 1_785_153_600 * Second;

    readonly TemporaryFolder _folder = new();
    DeduplicationOptions _options = new() { MaxKeys = MaxKeys };
    DeduplicationWindow _window = null!;

    public void Dispose() => _folder.Dispose();

    [Test]
    public void A_new_window_knows_nothing_from_before_it()
    {
        var memory = Open(Start);

        Assert.That(memory.Covers(Start, Start + Hour));
        Assert.That(memory.Covers(Start - Second, Start + Hour), Is.False);
    }

    [Test]
    public void A_restart_changes_nothing()
    {
        Open(Start);
        var memory = Open(Start + (5 * Hour));

        Assert.That(memory.Covers(Start, Start + (6 * Hour)));
        Assert.That(memory.Covers(Start - Second, Start + (6 * Hour)), Is.False);
    }

    [Test]
    public void What_is_older_than_the_window_is_long_may_be_forgotten()
    {
        var memory = Open(Start);

        Assert.That(memory.Covers(Start + (100 * Hour), Start + (126 * Hour)));
        Assert.That(memory.Covers(Start + (100 * Hour) - Second, Start + (126 * Hour)), Is.False);
    }

    [Test]
    public void A_full_window_may_have_forgotten_anything()
    {
        var memory = Open(Start);
        for (var i = 1; i < MaxKeys; i++)
            Claim(i, Start + i);
        Assert.That(memory.Covers(Start, Start + Hour));

        Claim(MaxKeys, Start + Hour);
        Assert.That(memory.Covers(Start, Start + Hour), Is.False);

        _window.Seal();
        Assert.That(Open(Start + Hour).Covers(Start, Start + (2 * Hour)), Is.False, "a restart does not make room");
        // The window ages by the records that come, and by no more than ten minutes from one to the next.
        for (var time = Start + Hour; time <= Start + (28 * Hour); time += Hour / 6)
            Claim(MaxKeys + 1, time);
        Assert.That(new WindowMemory(_window, Start, _options.Window).Covers(Start + (2 * Hour), Start + (28 * Hour)), "what was forgotten is older than the window now");
    }

    [TestCase(MaxKeys, 27)]
    [TestCase(MaxKeys + 1, 26)]
    public void Larger_limits_do_not_bring_back_what_smaller_ones_forgot(int keys, int hours)
    {
        Open(Start);
        _options = new DeduplicationOptions { MaxKeys = keys, Window = TimeSpan.FromHours(hours) };
        Assert.That(Open(Start + Hour).Covers(Start, Start + (2 * Hour)), Is.False);
        Assert.That(Open(Start + (2 * Hour)).Covers(Start + Hour, Start + (2 * Hour)), "from then on");
    }

    [Test]
    public void Smaller_limits_do_not_begin_anew_and_count_when_they_grow_again()
    {
        Open(Start);
        _options = new DeduplicationOptions { MaxKeys = MaxKeys, Window = TimeSpan.FromHours(20) };
        Assert.That(Open(Start + Hour).Covers(Start, Start + (2 * Hour)));
        _options = new DeduplicationOptions { MaxKeys = MaxKeys };
        Assert.That(Open(Start + (2 * Hour)).Covers(Start + Hour, Start + (3 * Hour)), Is.False);
    }

    [TestCase("")]
    [TestCase("rubbish")]
    [TestCase("1024 93600\n")]
    [TestCase("1024 93600 9999999999999999999999\n")]
    [TestCase("1024 93600 2000000000000000000\n")]
    public void A_note_that_cannot_be_read_or_be_true_is_written_anew(string note)
    {
        Open(Start);
        File.WriteAllText(_folder.File("since"), note);

        Assert.That(Open(Start + Hour).Covers(Start, Start + (2 * Hour)), Is.False);
        Assert.That(Open(Start + (2 * Hour)).Covers(Start + Hour, Start + (3 * Hour)));
    }

    [Test]
    public void Lost_keys_are_not_remembered()
    {
        Open(Start);
        Claim(1, Start);
        _window.Seal();
        var file = Directory.GetFiles(_folder.Path, "*.keys").Single();
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..^1]);

        Assert.That(Open(Start + Hour).Covers(Start, Start + (2 * Hour)), Is.False);
    }

    [Test]
    public void The_note_is_flushed()
    {
        List<string> flushed = [];
        WindowMemory.Open(_options, new DeduplicationWindow(), _folder.Path, flushed.Add, Start);

        Assert.That(flushed, Is.EqualTo(new[] { _folder.Path }));
        Assert.That(File.ReadAllText(_folder.File("since")), Is.EqualTo($"{MaxKeys} 93600 {Start}\n"));
    }

    void Claim(int key, long receivedAt) => _window.TryClaim(new ContentKey((ulong)key * 0x9E3779B97F4A7C15, (ulong)key), new SpoolPosition(key), receivedAt);

    WindowMemory Open(long now)
    {
        _window = DeduplicationWindow.Open(_options, new GenerationFiles(_folder.Path, _ => { }, NullLogger.Instance), new DeduplicationCounts("test", MaxKeys), NullLogger.Instance);
        return WindowMemory.Open(_options, _window, _folder.Path, _ => { }, now);
    }
}
