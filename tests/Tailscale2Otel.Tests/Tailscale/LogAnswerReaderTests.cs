using System.Diagnostics;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Tests.Tailscale;

public sealed class LogAnswerReaderTests
{
    static readonly byte[] Fixture = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Fixtures", "flow-api-response.json"));

    [TestCase("""{"logs":[{"a":1},{"b":[2]}]}""", """{"a":1}|{"b":[2]}""")]
    [TestCase("""{"version":"1.1","tailnetId":"example.com","logs":[{"a":1}],"more":{"logs":[{"no":1}]}}""", """{"a":1}""")]
    [TestCase("""{"other":[{"logs":[{"no":1}]}], "logs" : [ {"a" : "x]}"} , {} ] }""", """{"a" : "x]}"}|{}""")]
    [TestCase("""{"l\u006fgs":[{"a":1}]}""", """{"a":1}""")]
    [TestCase("""{"logs":[{"a":1}],"logs":[{"b":1}]}""", """{"a":1}|{"b":1}""")]
    [TestCase("""{"logs":[]}""", "")]
    [TestCase("""{"logs":null}""", "")]
    [TestCase("""{}""", "")]
    [TestCase(""" {"tailnet":"x"} """, "")]
    [TestCase("""{"message":"fine","logs":[{"a":1}]}""", """{"a":1}""")]
    [TestCase("""{"logs":[1,"two",null,[3],true,{"a":1}]}""", """1|"two"|null|[3]|true|{"a":1}""")]
    public void Records_are_the_elements_of_logs_as_they_were_sent(string body, string expected)
    {
        for (var piece = 1; piece <= body.Length; piece++)
        {
            var answer = LogAnswer.Read(body, piece);
            Assert.That(answer.Fault, Is.Null, $"in pieces of {piece}");
            Assert.That(string.Join('|', answer.Records), Is.EqualTo(expected), $"in pieces of {piece}");
        }
    }

    [TestCase("")]
    [TestCase("[]")]
    [TestCase("null")]
    [TestCase("{\"logs\":{}}")]
    [TestCase("{\"logs\":\"x\"}")]
    [TestCase("{\"logs\":[{\"a\":1}")]
    [TestCase("{\"logs\":[{\"a\":1}]")]
    [TestCase("{\"logs\":[{\"a\":1}]}{}")]
    [TestCase("{\"logs\":[{\"a\":1}]} x")]
    [TestCase("{\"logs\":[{\"a\":1},]}")]
    [TestCase("{\"logs\":[{\"a\":1} {}]}")]
    [TestCase("<html>busy</html>")]
    [TestCase("{\"message\":\"internal error\"}")]
    public void What_is_no_such_answer_is_a_broken_one(string body)
    {
        Assert.That(LogAnswer.Read(body).Fault?.Kind, Is.EqualTo(ApiFaultKind.BrokenAnswer));
        Assert.That(LogAnswer.Read(body, 1).Fault?.Kind, Is.EqualTo(ApiFaultKind.BrokenAnswer));
    }

    [Test]
    public void A_part_of_an_answer_is_never_taken_for_the_whole()
    {
        var length = Encoding.UTF8.GetString(Fixture).TrimEnd().Length;
        Assert.That(LogAnswer.Read(Fixture, [7]).Fault, Is.Null);

        var taken = Enumerable.Range(0, length).Where(n => LogAnswer.Read(Fixture[..n], []).Fault is null);

        Assert.That(taken, Is.Empty);
    }

    [Test]
    public void A_fixture_gives_the_same_records_as_a_document()
    {
        using var document = JsonDocument.Parse(Fixture);
        var expected = document.RootElement.GetProperty("logs").EnumerateArray().Select(e => e.GetRawText());

        Assert.That(LogAnswer.Read(Fixture, [1, 100, 3, 5000]).Records, Is.EqualTo(expected));
    }

    [Test]
    public void Nesting_has_an_end()
    {
        Assert.That(LogAnswer.Read($"{{\"logs\":[{new string('[', 400)}{new string(']', 400)}]}}").Records, Has.Count.EqualTo(1));
        Assert.That(LogAnswer.Read($"{{\"logs\":[{new string('[', 100_000)}").Fault?.Kind, Is.EqualTo(ApiFaultKind.BrokenAnswer));
    }

    static IEnumerable<TestCaseData> Giants()
    {
        const int Large = LogAnswerReader.MaxRecordBytes;
        (string Name, string Json)[] giants =
        [
            ("one text", $$"""{"a":"{{new string('x', Large)}}"}"""),
            ("escapes", $$"""{"a":"{{string.Concat(Enumerable.Repeat("\\\"}]{[\\\\", Large / 7))}}"}"""),
            ("many members", $"{{{string.Join(',', Enumerable.Range(0, 1_200_000).Select(i => $"\"{i}\": [{{}}]"))}}}"),
            ("a list", $"[{new string('1', 100)}{string.Concat(Enumerable.Repeat(",[\"]\"]", Large / 6))}]"),
            ("no record but a text", $"\"{new string('é', Large)}\""),
        ];
        return giants.SelectMany(g => new[] { 70_000, 1_000_003 }.Select(piece => new TestCaseData(g.Json, piece).SetArgDisplayNames(g.Name, $"{piece}")));
    }

    [TestCaseSource(nameof(Giants))]
    public void A_record_over_the_largest_size_gives_its_beginning_and_its_neighbours(string giant, int piece)
    {
        foreach (var (before, after) in new[] { ("", ""), ("""{"b":1} , """, """ , {"c":"x"}"""), ("", $",{giant},[2]") })
        {
            var answer = LogAnswer.Read($$"""{"v":1,"logs":[{{before}}{{giant}}{{after}}],"w":[{"x":1}]}""", piece);

            Assert.That(answer.Fault, Is.Null);
            var at = before.Length > 0 ? 1 : 0;
            Assert.That(Encoding.UTF8.GetBytes(giant).AsSpan().StartsWith(Encoding.UTF8.GetBytes(answer.Records[at].TrimEnd('\uFFFD'))), Is.True);
            Assert.That(answer.Records[at], Has.Length.InRange(LogAnswerReader.BeginningBytes / 2, LogAnswerReader.BeginningBytes));
            Assert.That(answer.Sizes[at], Is.EqualTo(Encoding.UTF8.GetByteCount(giant)));
            Assert.That(answer.Records, Has.Count.EqualTo(before.Length > 0 ? 3 : after.Length > 0 ? 3 : 1));
            if (at > 0)
                Assert.That((answer.Records[0], answer.Records[2]), Is.EqualTo(("""{"b":1}""", """{"c":"x"}""")));
            else if (after.Length > 0)
                Assert.That((answer.Sizes[1], answer.Records[2]), Is.EqualTo((answer.Sizes[0], "[2]")));
        }
    }

    [TestCase(LogAnswerReader.MaxRecordBytes - 100)]
    [TestCase(LogAnswerReader.MaxRecordBytes * 2 / 3)]
    public void A_record_below_the_largest_size_is_whole_whatever_comes_after_it(int length)
    {
        var answer = LogAnswer.Read($$"""{"logs":[{"a":"{{new string('x', length)}}"},{"b":"{{new string('y', length)}}"},{"c":1}]}""", 100_000);

        Assert.That(answer.Fault, Is.Null);
        Assert.That(answer.Records.Select(r => (long)r.Length), Is.EqualTo(new long[] { length + 8, length + 8, 7 }));
        Assert.That(answer.Sizes, Is.EqualTo(answer.Records.Select(r => (long)r.Length)));
    }

    [TestCase("")]
    [TestCase("\"")]
    [TestCase("\"}")]
    [TestCase("\"}]")]
    [TestCase("\"}} ]}")]
    [TestCase("\"} {}]}")]
    [TestCase("\"},]}")]
    public void An_answer_that_is_broken_behind_a_record_over_the_largest_size_is_a_broken_one(string rest) =>
        Assert.That(LogAnswer.Read($$"""{"logs":[{"a":"{{new string('x', LogAnswerReader.MaxRecordBytes)}}{{rest}}""", 300_000).Fault?.Kind, Is.EqualTo(ApiFaultKind.BrokenAnswer));

    [Test]
    public void What_is_too_large_and_no_record_ends_the_answer()
    {
        var text = new string('1', LogAnswerReader.MaxRecordBytes + 1);

        Assert.That(LogAnswer.Read($$"""{"v":"{{text}}","logs":[]}""").Fault?.Kind, Is.EqualTo(ApiFaultKind.TooLarge));
        Assert.That(LogAnswer.Read($$"""{"logs":[{{text}}]}""").Fault?.Kind, Is.EqualTo(ApiFaultKind.TooLarge));
    }

    [Test]
    public void A_large_text_that_comes_in_small_pieces_is_not_read_over_and_over()
    {
        var body = Encoding.UTF8.GetBytes($$"""{"logs":[{"a":"{{new string('\\', 8_000_000)}}"}]}""");
        var watch = Stopwatch.StartNew();

        Assert.That(LogAnswer.Read(body, [1000]).Records, Has.Count.EqualTo(1));
        // Reading 8 MB again for each of its 8,000 pieces would take minutes.
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(10)));
    }

    [Test]
    public void The_limit_of_an_answer_counts_all_of_it()
    {
        const string Body = """{"logs":[{"a":1},{"b":2}]}""";
        var bytes = Encoding.UTF8.GetBytes(Body);

        Assert.That(LogAnswer.Read(bytes, [], bytes.Length).Fault, Is.Null);
        Assert.That(LogAnswer.Read(bytes, [], bytes.Length - 1).Fault?.Kind, Is.EqualTo(ApiFaultKind.TooLarge));
    }

    static Gen<string> Value(int depth) => depth == 0
        ? Gen.Elements("1", "-2.5e9", "null", "true", "\"\"", "\"]}\\\"{[\"", "\"é🦔\\u0000\"", "{}", "[]")
        : Gen.OneOf(
            Value(0),
            Gen.ListOf(Value(depth - 1)).Select(v => $"[{string.Join(" , ", v.Take(3))}]"),
            Gen.ListOf(Gen.Zip(Gen.Elements("logs", "a", "ü"), Value(depth - 1))).Select(m => $"{{{string.Join(",", m.Take(3).Select(p => $"\"{p.Item1}\": {p.Item2}"))}}}"));

    /// <summary>Records, members before and after the list, and sizes of pieces.</summary>
    static Gen<(string[] Records, string Body, int[] Pieces)> Answers =>
        from records in Gen.ListOf(Value(3))
        from before in Gen.ListOf(Value(2))
        from after in Gen.ListOf(Value(2))
        from white in Gen.Elements("", " ", "\n", "\r\n\t  ")
        from pieces in Gen.NonEmptyListOf(Gen.Choose(1, 40))
        select (
            records.ToArray(),
            $"{white}{{{white}{string.Concat(before.Select((v, i) => $"\"b{i}\":{v},"))}\"logs\"{white}:[{white}{string.Join($"{white},{white}", records)}]{white}{string.Concat(after.Select((v, i) => $",\"c{i}\":{v}"))}}}{white}",
            pieces.ToArray());

    [Test]
    public void Any_answer_in_any_pieces_gives_its_records() => Check.One(
        FsCheck.Config.QuickThrowOnFailure.WithMaxTest(3000).WithQuietOnSuccess(true),
        Prop.ForAll(Answers.ToArbitrary(), a =>
        {
            var answer = LogAnswer.Read(a.Body, a.Pieces);
            return answer.Fault is null && answer.Records.SequenceEqual(a.Records);
        }));

    [Test]
    public void Damaged_answers_end_in_words_and_never_in_another_record()
    {
        for (var seed = 0; seed < 3000; seed++)
        {
            var bytes = Support.Mutations.Of(Fixture, seed);
            var whole = LogAnswer.Read(bytes, []);
            var pieces = LogAnswer.Read(bytes, [1 + (seed % 97)]);
            Assert.That(pieces.Records, Is.EqualTo(whole.Records), $"seed {seed}");
            Assert.That(pieces.Fault is null, Is.EqualTo(whole.Fault is null), $"seed {seed}");
            Assert.That(whole.Fault is null, Is.EqualTo(IsLogDocument(bytes)), $"seed {seed}");
        }
    }

    /// <summary>A second opinion.</summary>
    static bool IsLogDocument(byte[] bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 512 });
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.EnumerateObject().Where(p => p.NameEquals("logs")).All(p => p.Value.ValueKind is JsonValueKind.Array or JsonValueKind.Null);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
