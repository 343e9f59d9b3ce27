using System.Text;
using Tailscale2Otel.Processing.Counting;

namespace Tailscale2Otel.Tests.Processing.Counting;

public sealed class CounterKeyTests
{
    [Test]
    public void Fields_come_back_as_they_were_put_in()
    {
        ReadOnlySpan<byte> key = Key("a", "", "ünïcode", new string('z', 300));
        Assert.That(Next(ref key), Is.EqualTo("a"));
        Assert.That(Next(ref key), Is.Empty);
        Assert.That(Next(ref key), Is.EqualTo("ünïcode"));
        Assert.That(Next(ref key), Is.EqualTo(new string('z', 300)));
        Assert.That(key.IsEmpty, Is.True);
    }

    [Test]
    public void Where_one_field_ends_is_part_of_the_key()
    {
        Assert.That(Key("ab", "c"), Is.Not.EqualTo(Key("a", "bc")));
        Assert.That(Key("a", ""), Is.Not.EqualTo(Key("", "a")));
    }

    [TestCase("é")]
    [TestCase("€")]
    [TestCase("😀")]
    [TestCase("x")]
    public void Long_fields_are_cut_between_characters(string character)
    {
        for (var shift = 0; shift < 4; shift++)
        {
            var text = new string('a', shift) + string.Concat(Enumerable.Repeat(character, CounterKey.MaxFieldBytes));
            ReadOnlySpan<byte> key = Key(text);
            var cut = Next(ref key);
            Assert.That(cut, Does.Not.Contain('\uFFFD'));
            Assert.That(text, Does.StartWith(cut));
            Assert.That(Encoding.UTF8.GetByteCount(cut), Is.InRange(CounterKey.MaxFieldBytes - 3, CounterKey.MaxFieldBytes));
        }
    }

    [Test]
    public void First_fields_are_a_key_of_their_own() =>
        Assert.That(CounterKey.FirstFields(Key("a", "b", "c"), 2).ToArray(), Is.EqualTo(Key("a", "b")));

    [Test]
    public void Hashes_of_near_keys_are_far_apart()
    {
        var low = new HashSet<int>();
        for (var i = 0; i < 10_000; i++)
            low.Add((int)CounterKey.Hash(BitConverter.GetBytes(i)) & 0xFFFF);

        // 10,000 balls in 65,536 bins fill about 9,270 of them when thrown at random.
        Assert.That(low, Has.Count.InRange(9_000, 9_500));
    }

    static string Next(ref ReadOnlySpan<byte> key) => Encoding.UTF8.GetString(CounterKey.Next(ref key));

    static byte[] Key(params string[] fields)
    {
        var key = new CounterKey(new byte[CounterKey.SizeFor(fields.Length)]);
        foreach (var field in fields)
            key.Add(Encoding.UTF8.GetBytes(field));
        return key.Bytes.ToArray();
    }
}
