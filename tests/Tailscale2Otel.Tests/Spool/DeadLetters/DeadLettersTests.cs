using System.Text;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Tailscale2Otel.Model;
using Tailscale2Otel.Spool.DeadLetters;
using Tailscale2Otel.Tests.Support;
using Letters = Tailscale2Otel.Spool.DeadLetters.DeadLetters;

namespace Tailscale2Otel.Tests.Spool.DeadLetters;

public sealed class DeadLettersTests
{
    SpoolHarness _house = null!;

    [SetUp]
    public void MakeFolder() => _house = new SpoolHarness();

    [TearDown]
    public async Task RemoveFolder() => await _house.DisposeAsync();

    string FilePath => Path.Combine(_house.Folder, Letters.FileName);

    Letters Open(long maxBytes = 1_000_000, long notPassed = 0, Action<SafeFileHandle>? flush = null) =>
        new(new DeadLetterOptions { MaxBytes = maxBytes }, _house.Folder, _house.Time, _house.Meter, _house.Log)
        {
            NotPassed = (SpoolPosition.Start, new SpoolPosition(notPassed)),
            FlushFile = flush ?? RandomAccess.FlushToDisk,
        };

    /// <summary>On a disk whose first flushes fail.</summary>
    Letters OpenFailing(int flushes, long maxBytes = 1_000_000) => Open(maxBytes, flush: _ =>
    {
        if (flushes-- > 0)
            throw new IOException("Input/output error");
    });

    JsonElement[] Lines() => [.. File.ReadAllLines(FilePath).Select(l => JsonDocument.Parse(l).RootElement)];

    [Test]
    public void Says_all_there_is_to_say_on_one_line()
    {
        using (var letters = Open())
        {
            Assert.That(letters.TryWrite(Record("""{"a": [1,  2]}"""u8, """{"host":"h"}"""u8), "backend_refused", 400, "bad \"timestamp\""));
            Assert.That(letters.TryFlush());
        }

        Assert.That(File.ReadAllText(FilePath), Is.EqualTo(
            """{"time":"2026-07-27T12:00:00.000Z","source":"stream","signal":"audit","tailnet":"example.com","reason":"backend_refused",""" +
            """ "status":400,"message":"bad \"timestamp\"","position":77,""".Trim() +
            """ "received_at_unix_nano":5,"metadata":{"host":"h"},"record":{"a": [1,  2]}}""".Trim() + "\n"));
    }

    [Test]
    public async Task A_full_disk_does_not_stop_dead_letters_while_there_is_a_reserve()
    {
        await using var disk = await SmallDisk.MountAsync(_house.Folder, "6m");
        using var letters = Open(maxBytes: 100_000_000);
        disk.Fill("ballast");

        Assert.That(letters.TryWrite(Record(new byte[100_000], default), "malformed"));
        Assert.That(letters.TryFlush());
        Assert.That(_house.Log.Says("reserved for them"));
        var written = 1;
        while (letters.TryWrite(Record(new byte[100_000], default), "malformed"))
            Assert.That(++written, Is.LessThan(100));
        Assert.That(written, Is.GreaterThan(4));

        File.Delete(Path.Combine(_house.Folder, "ballast"));
        _house.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.That(letters.TryWrite(Record("{}"u8, default), "malformed"));
        Assert.That(letters.TryFlush());
        Assert.That(Lines(), Has.Length.EqualTo(written + 1));
    }

    [Test]
    public async Task Room_is_reserved_again_without_another_letter()
    {
        await using var disk = await SmallDisk.MountAsync(_house.Folder, "6m");
        using var letters = Open(maxBytes: 100_000_000);
        disk.Fill("ballast");
        Assert.That(letters.TryWrite(Record(new byte[100_000], default), "malformed"));
        Assert.That(letters.TryFlush());
        File.Delete(Path.Combine(_house.Folder, "ballast"));
        Assert.That(File.Exists(Path.Combine(_house.Folder, ReservedSpace.FileName)), Is.False);

        _house.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.That(letters.TryFlush());

        Assert.That(new FileInfo(Path.Combine(_house.Folder, ReservedSpace.FileName)).Length, Is.EqualTo(ReservedSpace.Bytes));
    }

    [Test]
    public void Room_for_dead_letters_is_reserved_from_the_start()
    {
        using var letters = Open();

        Assert.That(new FileInfo(Path.Combine(_house.Folder, ReservedSpace.FileName)).Length, Is.EqualTo(ReservedSpace.Bytes));
    }

    [TestCase("not json", "record_text", "not json")]
    [TestCase("{} {}", "record_text", "{} {}")]
    [TestCase("{\"a\":1", "record_text", "{\"a\":1")]
    [TestCase("two\nlines", "record_text", "two\nlines")]
    [TestCase("{\"a\":\n1}", "record_text", "{\"a\":\n1}")]
    public void What_is_no_json_is_text(string payload, string member, string expected)
    {
        using var letters = Open();
        Assert.That(letters.TryWrite(Record(Encoding.UTF8.GetBytes(payload), default), "malformed"));
        Assert.That(Lines().Single().GetProperty(member).GetString(), Is.EqualTo(expected));
    }

    [Test]
    public void What_is_no_text_is_base64()
    {
        using var letters = Open();
        byte[] payload = [0xFF, 0x00, (byte)'"'];
        letters.TryWrite(Record(payload, default), "malformed");
        letters.TryWrite(Record([(byte)'"', 0xC3, (byte)'"'], default), "malformed");
        Assert.That(Lines()[0].GetProperty("record_base64").GetBytesFromBase64(), Is.EqualTo(payload));
        Assert.That(Lines()[1].GetProperty("record_base64").GetBytesFromBase64(), Has.Length.EqualTo(3));
    }

    [Test]
    public void Deep_json_is_text_and_stays_whole()
    {
        using var letters = Open();
        var deep = new string('[', 1000) + new string(']', 1000);
        letters.TryWrite(Record(Encoding.UTF8.GetBytes(deep), default), "malformed");
        Assert.That(Lines().Single().GetProperty("record_text").GetString(), Is.EqualTo(deep));
    }

    [Test]
    public void A_record_longer_than_the_file_allows_is_cut_and_says_so()
    {
        using var letters = Open(maxBytes: 65_536);
        var long1 = new byte[100_000];
        Array.Fill(long1, (byte)1);
        Assert.That(letters.TryWrite(Record(long1, long1), "malformed"));
        var line = Lines().Single();
        Assert.That(line.GetProperty("record_bytes").GetInt32(), Is.EqualTo(100_000));
        Assert.That(line.GetProperty("record_text").GetString(), Has.Length.EqualTo(line.GetProperty("record_cut_at").GetInt32()));
        Assert.That(new FileInfo(FilePath).Length, Is.LessThan(32_768));
    }

    [Test]
    public void Rotates_once_and_stays_below_its_limit()
    {
        using var letters = Open(maxBytes: 65_536);
        for (var i = 0; i < 400; i++)
            Assert.That(letters.TryWrite(Record(Encoding.UTF8.GetBytes($"record {i} {new string('x', 500)}"), default), "malformed"));
        var files = Directory.GetFiles(_house.Folder, Letters.FileName + "*").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal).ToArray();
        Assert.That(files, Is.EqualTo(new[] { Letters.FileName, Letters.OlderFileName }));
        Assert.That(Directory.GetFiles(_house.Folder, Letters.FileName + "*").Sum(f => new FileInfo(f).Length), Is.LessThanOrEqualTo(65_536));
        Assert.That(Lines()[^1].GetProperty("record_text").GetString(), Does.StartWith("record 399 "));
        Assert.That(_house.Log.Says("reached its limit"));
    }

    [Test]
    public void A_line_that_a_kill_cut_short_goes()
    {
        File.WriteAllText(FilePath, "{\"whole\":1}\n{\"half\":" + new string('x', 10_000));
        using var letters = Open();
        letters.TryWrite(Record("{}"u8, default), "malformed");
        Assert.That(Lines(), Has.Length.EqualTo(2));
    }

    [Test]
    public void A_disk_that_does_not_take_it_is_told_and_tried_again()
    {
        using var letters = Open();
        Directory.CreateDirectory(FilePath);
        Assert.That(letters.TryWrite(Record("{}"u8, default), "malformed"), Is.False);
        Assert.That(letters.TryWrite(Record("{}"u8, default), "malformed"), Is.False);
        Assert.That(_house.Log.Entries, Has.Count.EqualTo(1));
        Directory.Delete(FilePath);
        Assert.That(letters.TryWrite(Record("{}"u8, default), "malformed"));
        Assert.That(Lines(), Has.Length.EqualTo(1));
    }

    [Test]
    public void A_file_that_an_operator_removed_is_made_again()
    {
        using var letters = Open();
        letters.TryWrite(Record("{}"u8, default), "malformed");
        File.Delete(FilePath);
        Assert.That(letters.TryFlush());
        letters.TryWrite(Record("{}"u8, default), "malformed");
        Assert.That(Lines(), Has.Length.EqualTo(1));
    }

    [Test]
    public void A_rotation_tells_whoever_is_rewriting_the_files()
    {
        using var letters = Open(maxBytes: 65_536);
        long Generation()
        {
            using var held = DeadLetterLock.TryTake(_house.Folder);
            return held!.Generation;
        }

        letters.TryWrite(Record(new byte[2000], default), "malformed");
        var before = Generation();
        letters.TryWrite(Record(new byte[2000], default), "malformed");
        Assert.That(Generation(), Is.EqualTo(before), "an append is no reason to begin again");
        for (var i = 0; i < 20; i++)
            letters.TryWrite(Record(new byte[2000], default), "malformed");
        Assert.That(_house.Log.Says("reached its limit"));
        Assert.That(Generation(), Is.GreaterThan(before));
    }

    [Test]
    public void After_a_failed_flush_the_lines_are_written_again_before_the_next()
    {
        using var letters = OpenFailing(1);
        letters.TryWrite(Record("{}"u8, default), "malformed");
        Assert.That(letters.TryFlush(), Is.False);
        var before = File.ReadAllText(FilePath);
        File.SetLastWriteTimeUtc(FilePath, DateTime.UnixEpoch);

        Assert.That(letters.TryFlush());
        Assert.That(File.GetLastWriteTimeUtc(FilePath), Is.GreaterThan(DateTime.UnixEpoch));
        Assert.That(File.ReadAllText(FilePath), Is.EqualTo(before));

        letters.TryWrite(Record("{}"u8, default), "malformed");
        File.SetLastWriteTimeUtc(FilePath, DateTime.UnixEpoch);
        Assert.That(letters.TryFlush());
        Assert.That(File.GetLastWriteTimeUtc(FilePath), Is.EqualTo(DateTime.UnixEpoch), "and not after one that succeeded");
    }

    [Test]
    public void After_a_failed_flush_nothing_is_written_while_a_command_is_at_work()
    {
        using var letters = OpenFailing(1);
        letters.TryWrite(Record("{}"u8, default), "malformed");
        Assert.That(letters.TryFlush(), Is.False);

        using (DeadLetterLock.TryTake(_house.Folder))
            Assert.That(letters.TryFlush(), Is.False);
        Assert.That(letters.TryFlush());
    }

    [Test]
    public void Lines_that_the_disk_has_lost_are_never_flushed_and_come_again_after_a_restart()
    {
        using (var letters = OpenFailing(1))
        {
            letters.TryWrite(Record("{}"u8, default), "malformed");
            Assert.That(letters.TryFlush(), Is.False);
            File.WriteAllBytes(FilePath, new byte[new FileInfo(FilePath).Length]);
            Assert.That(letters.TryFlush(), Is.False);
            Assert.That(letters.TryFlush(), Is.False);
        }

        using var restarted = Open(notPassed: 100);
        Assert.That(restarted.TryWrite(Record("{}"u8, default), "malformed"));
        Assert.That(Lines(), Has.Length.EqualTo(1));
    }

    [Test]
    public void A_rotation_whose_flush_fails_is_tried_again_with_the_lines_written_again()
    {
        using var letters = OpenFailing(1, maxBytes: 65_536);
        while (letters.TryWrite(Record(new byte[2000], default), "malformed"))
            Assert.That(File.Exists(FilePath + ".1"), Is.False);
        File.SetLastWriteTimeUtc(FilePath, DateTime.UnixEpoch);

        Assert.That(letters.TryWrite(Record(new byte[2000], default), "malformed"));
        Assert.That(File.GetLastWriteTimeUtc(FilePath + ".1"), Is.GreaterThan(DateTime.UnixEpoch));
    }

    [Test]
    public void What_an_earlier_process_wrote_and_did_not_pass_is_flushed_and_not_written_again()
    {
        using (var first = Open())
        {
            Assert.That(first.TryWrite(Record("1"u8, default, position: 10), "malformed"));
            Assert.That(first.TryWrite(Record("2"u8, default, position: 20), "malformed"));
        }

        var flushes = 0;
        using var second = Open(notPassed: 30, flush: _ => flushes++);
        Assert.That(second.TryWrite(Record("1"u8, default, position: 10), "malformed"));
        Assert.That(Lines(), Has.Length.EqualTo(2));
        Assert.That(second.TryFlush());
        Assert.That(flushes, Is.EqualTo(1), "who wrote it may have ended before it was flushed");

        Assert.That(second.TryWrite(Record("1"u8, default, position: 10), "refused_by_backend"));
        Assert.That(second.TryWrite(Record("3"u8, default, position: 25), "malformed"));
        Assert.That(second.TryWrite(Record("4"u8, default, position: 30), "malformed"));
        Assert.That(Lines().Select(l => $"{l.GetProperty("position")} {l.GetProperty("reason")}"), Is.EqualTo(new[]
        {
            "10 malformed", "20 malformed", "10 refused_by_backend", "25 malformed", "30 malformed",
        }));
    }

    [Test]
    public void Letters_of_another_spool_with_the_same_positions_are_no_earlier_ones()
    {
        using (var first = Open())
            first.TryWrite(Record("1"u8, default, receivedAt: 4), "malformed");

        using var second = Open(notPassed: 100);
        Assert.That(second.TryWrite(Record("1"u8, default), "malformed"));
        Assert.That(Lines(), Has.Length.EqualTo(2));
    }

    static RawRecord Record(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> metadata, long position = 77, long receivedAt = 5) => new()
    {
        Position = new SpoolPosition(position),
        Next = new SpoolPosition(position + 5),
        Source = RecordSource.Stream,
        Signal = RecordSignal.Audit,
        Tailnet = "example.com",
        ReceivedAt = receivedAt,
        Metadata = metadata,
        Payload = payload,
    };
}
