using System.Globalization;
using System.Text;
using Tailscale2Otel.Processing.Counting;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Processing.Counting;

public sealed class CounterFamilyTests
{
    MeterReadings _readings;

    [SetUp]
    public void SetUp() => _readings = new MeterReadings();

    [TearDown]
    public void TearDown() => _readings.Dispose();

    [Test]
    public void Reports_what_was_frozen_and_nothing_of_what_came_after()
    {
        var family = new CounterFamily(_readings.Meter, "c", "1", "", ["a", "b"]);
        family.Add(1, "x"u8, "y"u8);
        Assert.That(_readings.Observe("c"), Is.Empty);

        family.Freeze();
        family.Add(10, "x"u8, "y"u8);
        family.Add(5, "z"u8);
        Assert.That(_readings.Observe("c"), Is.EqualTo(new Dictionary<string, long> { ["a=x,b=y"] = 1 }));

        family.Freeze();
        Assert.That(_readings.Observe("c"), Is.EqualTo(new Dictionary<string, long> { ["a=x,b=y"] = 11, ["a=z"] = 5 }));
    }

    [Test]
    public void A_family_without_attributes_is_one_series()
    {
        var family = new CounterFamily(_readings.Meter, "c", "1", "", []);
        family.Add(2);
        family.Add(3);
        family.Freeze();
        Assert.That(_readings.Observe("c"), Is.EqualTo(new Dictionary<string, long> { [""] = 5 }));
    }

    [Test]
    public void What_no_row_has_room_for_is_the_overflow_series()
    {
        var family = new CounterFamily(_readings.Meter, ["a"], [], 1, seriesLimit: 3);
        family.Report(0, "c", "1", "");
        for (var i = 0; i < 10; i++)
            family.Add(1, Encoding.UTF8.GetBytes(i.ToString(CultureInfo.InvariantCulture)));
        family.Freeze();

        Assert.That(_readings.Observe("c"), Is.EqualTo(new Dictionary<string, long> { ["a=0"] = 1, ["a=1"] = 1, ["otel.metric.overflow=True"] = 8 }));
    }

    [Test]
    public void Variants_and_instruments_have_columns_of_their_own()
    {
        var family = new CounterFamily(_readings.Meter, ["a"], [new("d", "out"), new("d", "in")], 2, 100);
        family.Report(0, "bytes", "By", "");
        family.Report(1, "packets", "1", "");
        var row = family.Row(Key("x"));
        for (var column = 0; column < 4; column++)
            family.Add(row, column, (ulong)column + 1);
        family.Freeze();

        Assert.That(_readings.Observe("bytes"), Is.EqualTo(new Dictionary<string, long> { ["a=x,d=out"] = 1, ["a=x,d=in"] = 2 }));
        Assert.That(_readings.Observe("packets"), Is.EqualTo(new Dictionary<string, long> { ["a=x,d=out"] = 3, ["a=x,d=in"] = 4 }));
    }

    [Test]
    public void Totals_past_the_signed_range_are_reported_as_its_end()
    {
        var family = new CounterFamily(_readings.Meter, "c", "1", "", ["a"]);
        family.Add(ulong.MaxValue, "x"u8);
        family.Add(ulong.MaxValue, "x"u8);
        family.Freeze();
        Assert.That(_readings.Observe("c")["a=x"], Is.EqualTo(long.MaxValue));
    }

    [Test]
    public void Reports_while_rows_are_added_are_those_of_one_freeze()
    {
        var family = new CounterFamily(_readings.Meter, "c", "1", "", ["a"]);
        var stop = false;
        var reader = Task.Run(() =>
        {
            var last = 0L;
            while (!Volatile.Read(ref stop))
            {
                var total = _readings.Observe("c").Values.Sum();
                Assert.That(total % 10, Is.Zero, "every freeze follows ten additions");
                Assert.That(total, Is.GreaterThanOrEqualTo(last));
                last = total;
            }
        });

        for (var i = 0; i < 2000; i++)
        {
            for (var j = 0; j < 10; j++)
                family.Add(1, BitConverter.GetBytes((i + j) % 300 + 0x20_20_20).AsSpan(0, 3));
            family.Freeze();
        }

        Volatile.Write(ref stop, true);
        Assert.That(reader.Wait(TimeSpan.FromSeconds(10)), Is.True);
    }

    static byte[] Key(string field)
    {
        var key = new CounterKey(new byte[CounterKey.SizeFor(1)]);
        key.Add(Encoding.UTF8.GetBytes(field));
        return key.Bytes.ToArray();
    }
}
