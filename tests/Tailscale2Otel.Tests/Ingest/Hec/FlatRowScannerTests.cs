using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Tailscale2Otel.Ingest.Hec;

namespace Tailscale2Otel.Tests.Ingest.Hec;

/// <summary>The scanner is an optimisation: with and without it the same arrays are taken, with the same number of rows.</summary>
sealed class FlatRowScannerTests
{
    const string Row = """{"proto":6,"src":"100.64.0.1:443","dst":"[fd7a:115c:a1e0::1234:5678]:51820","txPkts":12345678,"txBytes":0,"rxPkts":99}""";

    const int NoLimit = 1_000_000;

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(100)]
    public void Passes_over_plain_rows_to_the_closing_bracket(int count)
    {
        for (var shift = 0; shift < 64; shift++)
        {
            var array = Encoding.UTF8.GetBytes($"{new string(' ', shift)}[{string.Join(',', Enumerable.Repeat(Row, count))}],\"behind\":\"{new string('x', 64)}\"");
            Assert.That(FlatRowScanner.Skip(array, shift + 1, NoLimit, out var rows), Is.EqualTo(array.AsSpan().IndexOf("],\""u8)));
            Assert.That(rows, Is.EqualTo(count));
        }
    }

    [TestCase("""{"src":"a\u0041"}""")]
    [TestCase("""{"src":"a\"b"}""")]
    [TestCase("""{"proto":1.5}""")]
    [TestCase("""{"proto":-1}""")]
    [TestCase("""{"proto":01}""")]
    [TestCase("""{"proto":null}""")]
    [TestCase("""{"proto": 6}""")]
    [TestCase("""{"src":{"a":1}}""")]
    [TestCase("""{}""")]
    [TestCase("""null""")]
    [TestCase("{\"src\":\"a\tb\"}")]
    public void Leaves_whatever_is_not_plain_to_the_reader(string row)
    {
        var array = Encoding.UTF8.GetBytes($"[{Row},{row},{Row}],\"behind\":\"{new string('x', 64)}\"");
        // At the row, or at the last before it.
        Assert.That(FlatRowScanner.Skip(array, 1, NoLimit, out var rows), Is.EqualTo(1 + (rows * (Row.Length + 1))));
        Assert.That(rows, Is.LessThanOrEqualTo(1));
    }

    [Test]
    public void Stops_soon_when_there_are_too_many_rows()
    {
        var array = Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Repeat(Row, 9))}],\"behind\":\"{new string('x', 64)}\"");
        FlatRowScanner.Skip(array, 1, 4, out var rows);
        Assert.That(rows, Is.InRange(4, 6));
    }

    [Test]
    public void Takes_the_arrays_that_the_reader_takes()
    {
        var rows = Gen.Elements(Row, """{"a":"b"}""", """{"a":1,"b":"\\"}""", """{ "a":1}""", """{"a":[1,{}]}""", "null", "{}", """{"a":"b","c":"","d":0}""", """{"a":10,"":"x{y}:,z"}""", """{"long":"123456789012345678901234567890123456789012345678901234567890"}""");
        var changes =
            from elements in rows.ListOf()
            from space in Gen.Elements("", " ", "\n")
            let array = $"[{string.Join("," + space, elements)}{space}]{new string(' ', 64)}"
            from at in Gen.Choose(0, array.Length - 1)
            from b in Gen.Frequency((1, Gen.Constant('\0')), (2, Gen.Elements("{}[]\",: 0-.eE\n\\x\t".ToCharArray())))
            select b == '\0' ? array : array[..at] + b + array[(at + 1)..];

        Prop.ForAll(changes.ToArbitrary(), array => CountWithScanner(array) == Count(array))
            .Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(10_000));
    }

    static int Count(string array)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(array));
        try
        {
            return reader.Read() && reader.TokenType == JsonTokenType.StartArray ? CountRest(ref reader) : -1;
        }
        catch (JsonException)
        {
            return -1;
        }
    }

    static int CountWithScanner(string array)
    {
        var bytes = Encoding.UTF8.GetBytes(array);
        var reader = new Utf8JsonReader(bytes);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
                return -1;

            var end = FlatRowScanner.Skip(bytes, (int)reader.BytesConsumed, NoLimit, out var rows);
            reader = new Utf8JsonReader(bytes.AsSpan(end), isFinalBlock: true, reader.CurrentState);
            return CountRest(ref reader) is var rest and >= 0 ? rows + rest : -1;
        }
        catch (JsonException)
        {
            return -1;
        }
    }

    /// <summary>Elements up to the closing bracket; the reader throws for what is wrong, there and behind it.</summary>
    static int CountRest(ref Utf8JsonReader reader)
    {
        var count = 0;
        for (; reader.Read() && reader.TokenType != JsonTokenType.EndArray; count++)
            reader.Skip();
        return reader.Read() ? -1 : count;
    }
}
