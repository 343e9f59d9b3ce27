using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Tailscale2Otel.Processing;

namespace Tailscale2Otel.Tests.Processing;

public sealed class CanonicalJsonTests
{
    [TestCase("""{"b":1,"a":2}""", """{"a":2,"b":1}""")]
    [TestCase(""" { "b" : [ 1 , 2 ] , "a" : { "d" : null , "c" : true } } """, """{"a":{"c":true,"d":null},"b":[1,2]}""")]
    [TestCase("""{"a":1,"b":2,"a":3}""", """{"a":3,"b":2}""")]
    [TestCase("""{"\u0061":1,"a":2}""", """{"a":2}""")]
    [TestCase("""{"x":{"b":1,"a":{"d":1,"c":2}},"a":[{"b":1,"a":2}]}""", """{"a":[{"a":2,"b":1}],"x":{"a":{"c":2,"d":1},"b":1}}""")]
    [TestCase("{}", "{}")]
    [TestCase("[]", "[]")]
    [TestCase("\"\"", "\"\"")]
    [TestCase(@"""\u00e9\/\n\ud83d\ude00""", "\"é/\\u000a😀\"")]
    [TestCase(@"""\""\\""", @"""\""\\""")]
    [TestCase(@"""\ud800x""", "\"\uFFFDx\"")]
    public void Is_what_the_text_means(string json, string canonical) => Assert.That(Canonical(json), Is.EqualTo(canonical));

    [TestCase("0", "0")]
    [TestCase("-0", "0")]
    [TestCase("0.000", "0")]
    [TestCase("0e99", "0")]
    [TestCase("1.0", "1")]
    [TestCase("10e-1", "1")]
    [TestCase("100", "1e2")]
    [TestCase("1E+2", "1e2")]
    [TestCase("1e0000000000000000002", "1e2")]
    [TestCase("0.0120", "12e-3")]
    [TestCase("-1500.50", "-15005e-1")]
    [TestCase("18446744073709551615", "18446744073709551615")]
    [TestCase("18446744073709551616", "18446744073709551616")]
    [TestCase("0.1000000000000000055511151231257827", "1000000000000000055511151231257827e-34")]
    [TestCase("1e-400", "1e-400")]
    [TestCase("1e99999999999999999999", "1e99999999999999999999")]
    public void Numbers_are_their_value_to_the_last_digit(string number, string canonical) => Assert.That(Canonical(number), Is.EqualTo(canonical));

    [TestCase("")]
    [TestCase("{")]
    [TestCase("""{"a":1}{}""")]
    [TestCase("""{"a":1,}""")]
    [TestCase("nul")]
    public void Writes_nothing_for_what_is_not_one_value(string json)
    {
        using var output = new PooledBytes();
        output.Write("before"u8);
        Assert.That(CanonicalJson.TryWrite(Encoding.UTF8.GetBytes(json), output), Is.False);
        Assert.That(Encoding.UTF8.GetString(output.Written), Is.EqualTo("before"));
    }

    [TestCase(64, true)]
    [TestCase(65, false)]
    [TestCase(1_000_000, false)]
    public void Takes_sixty_four_levels(int levels, bool expected)
    {
        using var output = new PooledBytes();
        var json = new string('[', levels) + new string(']', levels);
        Assert.That(CanonicalJson.TryWrite(Encoding.UTF8.GetBytes(json), output), Is.EqualTo(expected));
    }

    [Test]
    public void Order_white_space_number_spelling_and_escapes_do_not_matter() =>
        Prop.ForAll(Trees().ToArbitrary(), ArbMap.Default.ArbFor<int>(), (tree, seed) =>
            Canonical(Render(tree, new Random(seed))) == Canonical(Render(tree, new Random(~seed)))).QuickCheckThrowOnFailure();

    [Test]
    public void What_is_canonical_stays_as_it_is() =>
        Prop.ForAll(Trees().ToArbitrary(), tree =>
        {
            var canonical = Canonical(Render(tree, new Random(1)));
            return Canonical(canonical) == canonical;
        }).QuickCheckThrowOnFailure();

    [Test]
    public void Different_values_are_different() =>
        Prop.ForAll(Trees().ToArbitrary(), Trees().ToArbitrary(), (left, right) =>
            (Canonical(Render(left, new Random(1))) == Canonical(Render(right, new Random(2)))) == (Meaning(left) == Meaning(right))).QuickCheckThrowOnFailure();

    static string Canonical(string json)
    {
        using var output = new PooledBytes();
        Assert.That(CanonicalJson.TryWrite(Encoding.UTF8.GetBytes(json), output), Is.True, json);
        return Encoding.UTF8.GetString(output.Written);
    }

    /// <summary>null, bool, decimal, string, list or dictionary.</summary>
    static Gen<object?> Trees(int depth = 3)
    {
        var text = Gen.Elements("", "a", "b", "é", "😀", "\"", "\\", "/", "a\nb", "\u0001", "longer text");
        var leaf = Gen.OneOf(
            Gen.Constant<object?>(null),
            Gen.Elements<object?>(true, false),
            text.Select(t => (object?)t),
            Gen.Choose(-100_000, 100_000).Select(n => (object?)(n / 100m)));
        if (depth == 0)
            return leaf;

        var child = Trees(depth - 1);
        return Gen.OneOf(
            leaf,
            child.ListOf(3).Select(items => (object?)items.ToList()),
            text.Zip(child).ListOf(4).Select(members => (object?)members.GroupBy(m => m.Item1).ToDictionary(g => g.Key, g => g.First().Item2)));
    }

    /// <summary>An independent statement of what a tree is: nothing of the code under test.</summary>
    static string Meaning(object? tree) => tree switch
    {
        null => "null",
        bool value => value ? "true" : "false",
        decimal number => number.ToString("0.00", CultureInfo.InvariantCulture),
        string text => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'",
        List<object?> items => "[" + string.Concat(items.Select(i => Meaning(i) + ";")) + "]",
        Dictionary<string, object?> members => "{" + string.Concat(members.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => Meaning(m.Key) + Meaning(m.Value) + ";")) + "}",
        _ => throw new ArgumentOutOfRangeException(nameof(tree)),
    };

    static string Render(object? tree, Random random)
    {
        string Space() => random.Next(3) switch { 0 => " ", 1 => "\n\t", _ => "" };
        var text = tree switch
        {
            null => "null",
            bool value => value ? "true" : "false",
            decimal number => Number(number, random),
            string value => Quote(value, random),
            List<object?> items => "[" + string.Join(',', items.Select(i => Render(i, random))) + Space() + "]",
            Dictionary<string, object?> members => "{" + string.Join(',', members.OrderBy(_ => random.Next()).Select(m => Space() + Quote(m.Key, random) + Space() + ":" + Render(m.Value, random))) + "}",
            _ => throw new ArgumentOutOfRangeException(nameof(tree)),
        };
        return Space() + text + Space();
    }

    static string Number(decimal number, Random random) => random.Next(4) switch
    {
        0 => number.ToString("0.00", CultureInfo.InvariantCulture),
        1 => number.ToString("0.##", CultureInfo.InvariantCulture),
        2 => (number * 100).ToString("0", CultureInfo.InvariantCulture) + "e-2",
        _ => (number / 1000).ToString("0.#####", CultureInfo.InvariantCulture) + "E+003",
    };

    static string Quote(string text, Random random)
    {
        var json = new StringBuilder("\"");
        foreach (var character in text.EnumerateRunes().Select(r => r.ToString()))
        {
            if (character[0] is '"' or '\\' or < ' ' || random.Next(3) == 0)
                json.Append(string.Concat(character.Select(c => $"\\u{(int)c:x4}")));
            else
                json.Append(character);
        }

        return json.Append('"').ToString().Replace("\\u000a", random.Next(2) == 0 ? "\\n" : "\\u000A", StringComparison.Ordinal);
    }
}
