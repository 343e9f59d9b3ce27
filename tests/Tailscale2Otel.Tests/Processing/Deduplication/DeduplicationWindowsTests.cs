using Microsoft.Extensions.Logging.Abstractions;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing;
using Tailscale2Otel.Processing.Deduplication;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Processing.Deduplication;

public sealed class DeduplicationWindowsTests
{
    const int MaxKeys = 1024;
    const long Second = 1_000_000_000;
    const long Noon = 1_785_153_600 * Second;

    TemporaryFolder _folder = null!;
    CollectingMeter _meter = null!;

    [SetUp]
    public void Create() => (_folder, _meter) = (new TemporaryFolder(), new CollectingMeter());

    [TearDown]
    public void Dispose()
    {
        _folder.Dispose();
        _meter.Dispose();
    }

    [Test]
    public void A_flood_of_flow_records_does_not_push_out_the_key_of_a_webhook()
    {
        var windows = Open();
        windows.Webhook.TryClaim(Key(0), At(0), Noon);
        for (var i = 1; i < 3 * MaxKeys; i++)
            windows.Flow.TryClaim(Key(i), At(i), Noon + i);

        Assert.That(windows.Webhook.TryClaim(Key(0), At(9_999_999), Noon + (25 * 3600 * Second)), Is.False);
        windows.Seal();
        Assert.That(Open().Webhook.TryClaim(Key(0), At(9_999_999), Noon + (25 * 3600 * Second)), Is.False, "nor after a restart");
    }

    [Test]
    public void The_same_key_in_two_windows_belongs_to_two_events()
    {
        var windows = Open();

        Assert.That(windows.Flow.TryClaim(Key(1), At(1), Noon), Is.True);
        Assert.That(windows.Audit.TryClaim(Key(1), At(2), Noon), Is.True);
    }

    [Test]
    public void Files_reach_as_far_as_those_of_the_window_that_is_furthest_behind()
    {
        var windows = Open();
        windows.Audit.TryClaim(Key(1), At(100), Noon);
        windows.Flow.TryClaim(Key(2), At(200), Noon);
        windows.Flow.Seal();
        Assert.That(windows.KeyedUpTo(At(300)), Is.EqualTo(At(0)), "the audit key is in no file yet");

        windows.Seal();
        Assert.That(windows.KeyedUpTo(At(300)), Is.EqualTo(At(300)));
    }

    [Test]
    public void A_quiet_window_is_sealed_by_age_with_the_others()
    {
        var windows = Open();
        windows.Webhook.TryClaim(Key(1), At(100), Noon);

        windows.SealIfDue(Noon + (601 * Second));

        Assert.That(windows.KeyedUpTo(At(300)), Is.EqualTo(At(300)));
    }

    [Test]
    public void A_lost_file_of_one_window_is_where_learning_begins()
    {
        var windows = Open();
        windows.Audit.TryClaim(Key(1), At(100), Noon);
        windows.Flow.TryClaim(Key(2), At(200), Noon);
        windows.Seal();
        var file = Directory.GetFiles(_folder.File("audit"), "*.keys").Single();
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..^1]);

        Assert.That(Open().LearnFrom(At(250)), Is.EqualTo(At(100)));
        Assert.That(_meter["tailscale2otel.dedup.damaged{dedup.set=audit}"], Is.EqualTo(1));
    }

    [Test]
    public void Every_instrument_says_which_window()
    {
        var windows = Open();
        for (var i = 0; i < MaxKeys + 6; i++)
            windows.Flow.TryClaim(Key(i), At(i), Noon);
        windows.Audit.TryClaim(Key(1), At(1), Noon);
        windows.Hit(RecordSignal.Audit, ProcessResult.Duplicate);

        Assert.That(_meter["tailscale2otel.dedup.hits{dedup.set=audit}"], Is.EqualTo(1));
        Assert.That(_meter["tailscale2otel.dedup.evictions{dedup.set=flow,reason=count}"], Is.EqualTo(6));
        Assert.That(_meter["tailscale2otel.dedup.size{dedup.set=flow}"], Is.EqualTo(MaxKeys));
        Assert.That(_meter["tailscale2otel.dedup.size{dedup.set=audit}"], Is.EqualTo(1));
        Assert.That(_meter["tailscale2otel.dedup.capacity{dedup.set=webhook}"], Is.EqualTo(MaxKeys));
    }

    [Test]
    public void Changes_have_a_window_only_when_they_are_compared()
    {
        Assert.That(Open().Changes, Is.Null);
        Assert.That(Directory.GetDirectories(_folder.Path).Select(Path.GetFileName), Is.EquivalentTo(new[] { "flow", "audit", "webhook" }));

        using var meter = new CollectingMeter();
        var windows = DeduplicationWindows.Open(new DeduplicationOptions { MaxKeys = MaxKeys }, _folder.Path, _ => { }, meter.Meter, NullLogger.Instance, withChanges: true);
        windows.Changes!.TryClaim(Key(1), At(100), Noon);
        windows.Hit(RecordSignal.Audit, ProcessResult.SameChange);

        Assert.That(windows.KeyedUpTo(At(200)), Is.EqualTo(At(0)), "its keys keep the spool as those of the others do");
        Assert.That(meter["tailscale2otel.dedup.hits{dedup.set=webhook_cross}"], Is.EqualTo(1));
        Assert.That(meter["tailscale2otel.dedup.size{dedup.set=webhook_cross}"], Is.EqualTo(1));
    }

    DeduplicationWindows Open() => DeduplicationWindows.Open(
        new DeduplicationOptions { MaxKeys = MaxKeys }, _folder.Path, _ => { }, _meter.Meter, NullLogger.Instance);

    static ContentKey Key(int n) => new((ulong)n * 0x9E3779B97F4A7C15, (ulong)n);

    static SpoolPosition At(long position) => new(position);
}
