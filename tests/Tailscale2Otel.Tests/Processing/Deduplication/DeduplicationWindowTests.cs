using Microsoft.Extensions.Logging.Abstractions;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing.Deduplication;

namespace Tailscale2Otel.Tests.Processing.Deduplication;

public sealed class DeduplicationWindowTests
{
    const long Second = 1_000_000_000;
    const long Noon = 1_785_153_600 * Second;

    string _folder = "";
    DeduplicationCounts _counts = null!;
    int _flushes;
    bool _diskIsFull;

    [SetUp]
    public void MakeFolder()
    {
        _folder = Directory.CreateTempSubdirectory("dedup-").FullName;
        (_flushes, _diskIsFull) = (0, false);
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    string[] Files => [.. Directory.GetFiles(_folder, "*.keys").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    [Test]
    public void A_key_belongs_to_the_first_position_that_claims_it()
    {
        var window = new DeduplicationWindow();
        Assert.That(window.TryClaim(Key(1), At(10), Noon));
        Assert.That(window.TryClaim(Key(1), At(10), Noon), "the same position claims again");
        Assert.That(window.TryClaim(Key(1), At(20), Noon), Is.False);
        Assert.That(window.IsOwnedByAnother(Key(1), At(20)));
        Assert.That(window.IsOwnedByAnother(Key(1), At(10)), Is.False);
        Assert.That(window.IsOwnedByAnother(Key(2), At(20)), Is.False);
        Assert.That(window.TryClaim(Key(2), At(20), Noon), "a look claims nothing");
    }

    [Test]
    public void The_oldest_key_leaves_when_the_count_is_reached()
    {
        var window = Open(maxKeys: 1024);
        for (var i = 0; i < 1025; i++)
            Assert.That(window.TryClaim(Key(i), At(i), Noon));
        Assert.That(window.Count, Is.EqualTo(1024));
        Assert.That(window.IsOwnedByAnother(Key(0), At(5000)), Is.False);
        Assert.That(window.IsOwnedByAnother(Key(1), At(5000)));
    }

    [Test]
    public void A_key_leaves_when_a_record_is_received_a_window_later()
    {
        var window = Open(window: TimeSpan.FromMinutes(1));
        window.TryClaim(Key(1), At(1), Noon);
        window.TryClaim(Key(2), At(2), Noon + (30 * Second));
        Assert.That(window.TryClaim(Key(1), At(3), Noon + (60 * Second)), Is.False);
        Assert.That(window.TryClaim(Key(1), At(4), Noon + (61 * Second)));
        Assert.That(window.Count, Is.EqualTo(2));
    }

    [Test]
    public void A_receive_time_from_the_future_does_not_end_deduplication()
    {
        var window = Open();
        window.TryClaim(Key(1), At(1), Noon + (1_000_000_000L * Second));
        window.TryClaim(Key(2), At(2), Noon);
        Assert.That(window.TryClaim(Key(2), At(3), Noon + Second), Is.False);
    }

    [Test]
    public void Keys_are_sealed_by_generations_and_the_rebuild_point_follows()
    {
        var window = Open(maxKeys: 1024);
        for (var i = 0; i < 64; i++)
        {
            Assert.That(window.RebuildFrom, Is.EqualTo(SpoolPosition.Start));
            window.TryClaim(Key(i), At(100 + i), Noon);
        }

        Assert.That(window.RebuildFrom, Is.EqualTo(At(163)));
        Assert.That(Files, Is.EqualTo(new[] { $"{100:D19}-{163:D19}.keys" }));
        Assert.That(_flushes, Is.EqualTo(1));
    }

    [Test]
    public void A_quiet_generation_is_sealed_by_age()
    {
        var window = Open();
        window.TryClaim(Key(1), At(1), Noon);
        window.SealIfDue(Noon + (599 * Second));
        Assert.That(Files, Is.Empty);
        window.TryClaim(Key(2), At(2), Noon + (600 * Second));
        Assert.That(window.RebuildFrom, Is.EqualTo(At(2)));
        window.TryClaim(Key(3), At(3), Noon + (601 * Second));
        window.SealIfDue(Noon + (1201 * Second));
        Assert.That(window.RebuildFrom, Is.EqualTo(At(3)));
    }

    [Test]
    public void Files_of_keys_that_all_left_are_deleted()
    {
        var window = Open(maxKeys: 1024);
        for (var i = 0; i < 20_000; i++)
            window.TryClaim(Key(i), At(i), Noon);
        Assert.That(Files, Has.Length.InRange(16, 17));
        Assert.That(KeptFiles, Has.Length.EqualTo(Files.Length));
    }

    /// <summary>Replays one stream of records twice: once through, and once with restarts at random places that re-read the spool.</summary>
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public void Restarting_with_relearning_judges_like_never_restarting(int seed)
    {
        var random = new Random(seed);
        var records = new (ContentKey Key, SpoolPosition Position, long ReceivedAt)[12_000];
        var time = Noon;
        for (var i = 0; i < records.Length; i++)
        {
            time += random.Next(100) == 0 ? random.Next(120) * Second : random.Next(3) * Second / 10;
            records[i] = (Key(Math.Max(0, i - random.Next(3000))), At(100 * i), time);
        }

        var straight = Open(1024, TimeSpan.FromMinutes(10), "straight");
        var expected = records.Select(r => straight.TryClaim(r.Key, r.Position, r.ReceivedAt)).ToArray();
        Assert.That(expected.Count(e => !e), Is.InRange(200, 11_000));

        var window = Open(1024, TimeSpan.FromMinutes(10), "restarted");
        for (var i = 0; i < records.Length; i++)
        {
            if (random.Next(400) == 0)
            {
                if (random.Next(3) == 0)
                    window.Seal();
                window = Open(1024, TimeSpan.FromMinutes(10), "restarted");
                var from = window.RebuildFrom;
                foreach (var again in records.Take(i).Where(r => r.Position >= from))
                    Assert.That(window.TryClaim(again.Key, again.Position, again.ReceivedAt), Is.EqualTo(expected[again.Position.Value / 100]));
            }

            Assert.That(window.TryClaim(records[i].Key, records[i].Position, records[i].ReceivedAt), Is.EqualTo(expected[i]), $"record {i}");
        }

        Assert.That(window.Count, Is.EqualTo(straight.Count));
    }

    [Test]
    public void The_keys_of_a_damaged_file_are_learnt_again_and_then_it_is_put_aside()
    {
        var window = Open(maxKeys: 1024);
        for (var i = 0; i < 192; i++)
            window.TryClaim(Key(i), At(i), Noon);
        var damaged = Damage(Files[1]);

        // Also by a restart that comes before the keys are in a file again.
        for (var restart = 0; restart < 3; restart++)
        {
            window = Open(maxKeys: 1024);
            Assert.That(window.RebuildFrom, Is.EqualTo(At(64)));
            Assert.That(window.IsOwnedByAnother(Key(10), At(1000)) && window.IsOwnedByAnother(Key(150), At(1000)));
            for (var i = 65; i < 192; i++)
                Assert.That(window.TryClaim(Key(i), At(i), Noon));
            Assert.That(window.TryClaim(Key(100), At(1000), Noon), Is.False);
        }

        Assert.That(File.Exists(damaged));
        window.TryClaim(Key(192), At(192), Noon);
        Assert.That(window.Seal());
        Assert.That((File.Exists(damaged), File.Exists(damaged + ".damaged")), Is.EqualTo((false, true)));
        Assert.That(Open(maxKeys: 1024).Count, Is.EqualTo(192));
    }

    [Test]
    public void A_file_that_takes_the_place_of_a_damaged_one_stays()
    {
        var window = Open(maxKeys: 1024);
        for (var i = 0; i < 192; i++)
            window.TryClaim(Key(i), At(i), Noon);
        Damage(Files[1]);

        window = Open(maxKeys: 1024);
        for (var i = 64; i < 192; i++)
            window.TryClaim(Key(i), At(i), Noon);
        Assert.That(KeptFiles, Has.Length.EqualTo(3));
        Assert.That(Open(maxKeys: 1024).Count, Is.EqualTo(192));
    }

    [TestCase(3600)]
    [TestCase(-3600)]
    [TestCase(100 * 3600)]
    [TestCase(-100 * 3600)]
    public void A_clock_that_jumps_there_and_back_makes_it_forget_nothing(long jump)
    {
        var window = Open();
        for (var i = 0; i < 20; i++)
            Assert.That(window.TryClaim(Key(i), At(i), Noon + ((i + (i % 2 * jump)) * Second)));
        window.Seal();
        window = Open();
        for (var i = 0; i < 20; i++)
            Assert.That(window.TryClaim(Key(i), At(100 + i), Noon + (i * Second)), Is.False);
    }

    [Test]
    public void Learning_again_makes_nothing_older()
    {
        var window = Open(maxKeys: 1024, window: TimeSpan.FromMinutes(10));
        for (var i = 0; i < 128; i++)
            window.TryClaim(Key(i), At(i), Noon + (i * 4 * Second));
        Damage(Files[0]);

        window = Open(maxKeys: 1024, window: TimeSpan.FromMinutes(10));
        for (var i = 0; i < 128; i++)
            Assert.That(window.TryClaim(Key(i), At(i), Noon + (i * 4 * Second)));
        Assert.That(window.Count, Is.EqualTo(128));
    }

    [Test]
    public void A_clock_set_back_does_not_hold_up_a_quiet_generation()
    {
        var window = Open();
        window.TryClaim(Key(1), At(1), Noon);
        window.SealIfDue(Noon - (3600 * Second));
        Assert.That(window.RebuildFrom, Is.EqualTo(At(1)));
    }

    [TestCase(0)]
    [TestCase(10)]
    [TestCase(700)]
    public void A_short_file_is_damaged(int length)
    {
        var window = Open(maxKeys: 1024);
        for (var i = 0; i < 64; i++)
            window.TryClaim(Key(i), At(i), Noon);
        using (var file = File.OpenWrite(Path.Combine(_folder, Files[0])))
            file.SetLength(length);
        window = Open(maxKeys: 1024);
        Assert.That(window.Count, Is.Zero);
        Assert.That(window.RebuildFrom, Is.EqualTo(At(0)));
    }

    [Test]
    public void A_full_disk_moves_nothing_and_the_next_seal_takes_everything()
    {
        var window = Open(maxKeys: 1024);
        _diskIsFull = true;
        for (var i = 0; i < 70; i++)
            Assert.That(window.TryClaim(Key(i), At(i), Noon));
        Assert.That(window.RebuildFrom, Is.EqualTo(SpoolPosition.Start));
        Assert.That(_flushes, Is.EqualTo(1), "it does not try at every key");
        _diskIsFull = false;
        Assert.That(window.Seal());
        Assert.That(window.RebuildFrom, Is.EqualTo(At(69)));
        Assert.That(Open(maxKeys: 1024).Count, Is.EqualTo(70));
    }

    [Test]
    public void A_file_left_half_written_by_a_crash_is_removed()
    {
        File.WriteAllText(Path.Combine(_folder, "sealing.tmp"), "half");
        Assert.That(Open().Count, Is.Zero);
        Assert.That(KeptFiles, Is.Empty);
        Assert.That(new FileInfo(Path.Combine(_folder, "sealing.tmp")).Length, Is.Zero, "room for the next file, and nothing in it");
    }

    [Test]
    public void Counts_evictions_by_what_made_them_and_the_keys_it_holds()
    {
        var window = Open(maxKeys: 1024, window: TimeSpan.FromMinutes(1));
        for (var i = 0; i < 1030; i++)
            window.TryClaim(Key(i), At(i), Noon);
        window.TryClaim(Key(9999), At(9999), Noon + (61 * Second));

        Assert.That((_counts.EvictedByCount, _counts.EvictedByAge, _counts.Size), Is.EqualTo((6L, 1024L, 1L)));
    }

    /// <summary>All but the one that keeps room for the next.</summary>
    string[] KeptFiles => [.. Directory.GetFiles(_folder).Where(f => Path.GetFileName(f) != "sealing.tmp")];

    DeduplicationWindow Open(int maxKeys = 1_000_000, TimeSpan? window = null, string folder = "") =>
        DeduplicationWindow.Open(
            new DeduplicationOptions { MaxKeys = maxKeys, Window = window ?? TimeSpan.FromHours(26) },
            new GenerationFiles(Path.Combine(_folder, folder), Flush, NullLogger.Instance),
            _counts = new DeduplicationCounts("flow", maxKeys),
            NullLogger.Instance);

    void Flush(string directory)
    {
        _flushes++;
        if (_diskIsFull)
            throw new IOException("no space left");
    }

    string Damage(string name)
    {
        var path = Path.Combine(_folder, name);
        var bytes = File.ReadAllBytes(path);
        bytes[500] ^= 1;
        File.WriteAllBytes(path, bytes);
        return path;
    }

    static ContentKey Key(int n) => new((ulong)n * 0x9E3779B97F4A7C15, (ulong)n);

    static SpoolPosition At(long position) => new(position);
}
