using System.Globalization;
using System.Text;
using Tailscale2Otel.Processing.Counting;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Processing.Counting;

public sealed class CounterTableTests
{
    [Test]
    public void Finds_a_key_again_whatever_was_added_between()
    {
        var table = new CounterTable(2, 10_000);
        var rows = new List<int>();
        for (var i = 0; i < 10_000; i++)
            rows.Add(table.FindOrAdd(Key(i)));

        Assert.That(rows, Is.EqualTo(Enumerable.Range(0, 10_000)));
        for (var i = 0; i < 10_000; i++)
        {
            Assert.That(table.FindOrAdd(Key(i)), Is.EqualTo(i));
            Assert.That(table.Key(i).SequenceEqual(Key(i)), Is.True);
        }
    }

    [Test]
    public void Has_no_room_beyond_its_capacity_and_keeps_what_it_has()
    {
        var table = new CounterTable(1, 3);
        for (var i = 0; i < 3; i++)
            Assert.That(table.FindOrAdd(Key(i)), Is.EqualTo(i));

        Assert.That(table.FindOrAdd(Key(3)), Is.EqualTo(CounterTable.None));
        Assert.That(table.FindOrAdd(Key(2)), Is.EqualTo(2));
        Assert.That(table.Count, Is.EqualTo(3));
    }

    [Test]
    public void Leaves_the_rows_free_that_it_is_told_to()
    {
        var table = new CounterTable(1, 3);
        Assert.That(table.FindOrAdd(Key(0), spare: 2), Is.Zero);
        Assert.That(table.FindOrAdd(Key(1), spare: 2), Is.EqualTo(CounterTable.None));
        Assert.That(table.FindOrAdd(Key(0), spare: 2), Is.Zero);
        Assert.That(table.FindOrAdd(Key(1)), Is.EqualTo(1));
    }

    [Test]
    public void Counters_stop_at_their_largest_value()
    {
        var table = new CounterTable(2, 1);
        var row = table.FindOrAdd(Key(0));
        table.Add(row, 0, ulong.MaxValue - 1);
        table.Add(row, 0, 1);
        table.Add(row, 0, 1);
        table.Add(row, 1, 7);

        Assert.That(table[row, 0], Is.EqualTo(ulong.MaxValue));
        Assert.That(table[row, 1], Is.EqualTo(7));
    }

    [Test]
    public void After_clearing_nothing_is_left_of_the_old_counts()
    {
        var table = new CounterTable(1, 100);
        for (var i = 0; i < 100; i++)
            table.Add(table.FindOrAdd(Key(i)), 0, 5);
        table.Clear();

        Assert.That(table.Count, Is.Zero);
        var row = table.FindOrAdd(Key(42));
        Assert.That(row, Is.Zero);
        Assert.That(table[row, 0], Is.Zero);
    }

    [Test]
    public void Known_keys_are_found_without_allocating()
    {
        var table = new CounterTable(1, 100);
        var key = Key(1);
        table.FindOrAdd(key);
        Lookup(table, key, 10);

        Assert.That(Allocations.Least(() => Lookup(table, key, 1000)), Is.Zero);
    }

    [Test]
    public void Memory_stays_bounded_whatever_the_keys_are_like()
    {
        var table = new CounterTable(4, 1000);
        for (var i = 0; i < 100_000; i++)
            table.FindOrAdd(Key(i, padding: 2000));

        Assert.That(table.Count, Is.LessThanOrEqualTo(1000));
        Assert.That(table.MemoryBytes, Is.LessThan(2_000_000));
    }

    [Test]
    public void Text_that_is_not_utf8_is_one_key_with_what_it_reads_as()
    {
        var table = new CounterTable(1, 10);
        var broken = KeyOf([0xFF]);
        var row = table.FindOrAdd(broken);
        Assert.That(table.FindOrAdd(KeyOf([0xFE])), Is.EqualTo(row));
        Assert.That(table.FindOrAdd(KeyOf("\uFFFD"u8)), Is.EqualTo(row));
        Assert.That(table.FindOrAdd(broken), Is.EqualTo(row));
        Assert.That(table.Count, Is.EqualTo(1));
    }

    static void Lookup(CounterTable table, byte[] key, int times)
    {
        for (var i = 0; i < times; i++)
            table.Add(table.FindOrAdd(key), 0, 1);
    }

    static byte[] Key(int number, int padding = 0) =>
        KeyOf(Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture) + new string('x', padding)));

    static byte[] KeyOf(ReadOnlySpan<byte> field)
    {
        var key = new CounterKey(new byte[CounterKey.SizeFor(1)]);
        key.Add(field);
        return key.Bytes.ToArray();
    }
}
