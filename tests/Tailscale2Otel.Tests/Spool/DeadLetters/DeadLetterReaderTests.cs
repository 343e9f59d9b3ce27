using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Tailscale2Otel.Model;
using Tailscale2Otel.Spool.DeadLetters;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Spool.DeadLetters;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
sealed class DeadLetterReaderTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly DeadLetterReader _reader = new();

    public void Dispose()
    {
        _reader.Dispose();
        _folder.Dispose();
    }

    [TestCase("""{"a":[1,2.50,"x\u00e9"]}""")]
    [TestCase("text\u0000with\u001b control\n and \"quotes\" and \\ é 😀")]
    [TestCase("5")]
    [TestCase("2\t")]
    [TestCase(" {}")]
    [TestCase("\"a\"\n")]
    [TestCase("\r[]")]
    [TestCase("{\n \"a\":\r\n[1]}")]
    [TestCase("")]
    public void A_record_comes_back_as_it_was(string payload) => ComesBack(Encoding.UTF8.GetBytes(payload), """{"time":1}"""u8.ToArray());

    [Test]
    public void Bytes_that_are_no_text_come_back() => ComesBack([0xFF, 0, 1, (byte)'"', 0xC3], [0xFE]);

    [Test]
    public void Json_of_the_greatest_depth_comes_back() => ComesBack(Encoding.UTF8.GetBytes(new string('[', 64) + new string(']', 64)), []);

    [Test]
    public void Any_bytes_come_back() => ComeBack(ArbMap.Default.ArbFor<byte[]>());

    [Test]
    public void Anything_near_to_json_comes_back() => ComeBack(Gen.Elements("{}[]\":,019-.eE \t\r\n\\u"u8.ToArray()).ArrayOf().ToArbitrary());

    void ComeBack(Arbitrary<byte[]> bytes) => Check.One(
        FsCheck.Config.QuickThrowOnFailure.WithMaxTest(2000).WithEndSize(20),
        Prop.ForAll(bytes, bytes, (payload, metadata) =>
        {
            var (actualPayload, actualMetadata) = Read(payload, metadata);
            return payload.AsSpan().SequenceEqual(actualPayload) && metadata.AsSpan().SequenceEqual(actualMetadata);
        }));

    [Test]
    public void Everything_else_of_the_record_comes_back()
    {
        var problem = Read(Record([1], []), 1_000_000, (in RawRecord record) =>
            Assert.That(
                (record.Position.Value, record.ReceivedAt, record.Source, record.Signal, record.Tailnet),
                Is.EqualTo((77L, 1785153600000000005L, RecordSource.ObjectStore, RecordSignal.RawLine, "täil.example"))));

        Assert.That(problem, Is.Empty);
    }

    [Test]
    public void A_record_that_was_cut_says_so_and_how_long_it_was()
    {
        var problem = Read(Record(new byte[100_000], []), 65_536, (in RawRecord _) => { });

        Assert.That((problem, _reader.RecordBytes), Is.EqualTo((DeadLetterReader.Cut, 100_000L)));
    }

    [Test]
    public void Metadata_that_was_cut_is_not_the_record_either()
    {
        Assert.That(Read(Record([1], new byte[100_000]), 65_536, (in RawRecord _) => { }), Is.EqualTo(DeadLetterReader.Cut));
        Assert.That(_reader.RecordBytes, Is.Null);
    }

    [TestCase("""{"record":{"a":1}}{"record":2}""")]
    [TestCase("""{"record_base64":"***"}""")]
    [TestCase("""{"record":{"a":1""")]
    public void A_line_that_is_no_json_is_unreadable(string line) => Assert.That(ReadLine(Encoding.UTF8.GetBytes(line + "\n"), (in RawRecord _) => { }), Is.EqualTo(DeadLetterReader.Unreadable));

    [Test]
    public void Names_are_read_as_they_are_written()
    {
        foreach (var signal in Enum.GetValues<RecordSignal>())
            Assert.That(DeadLetterLine.SignalOf(DeadLetterLine.NameOf(signal)), Is.EqualTo(signal));
        foreach (var source in Enum.GetValues<RecordSource>())
            Assert.That(DeadLetterLine.SourceOf(DeadLetterLine.NameOf(source)), Is.EqualTo(source));
        Assert.That((DeadLetterLine.SignalOf("?"), DeadLetterLine.SourceOf("?")), Is.EqualTo((RecordSignal.Unknown, RecordSource.Unknown)));
    }

    delegate void Look(in RawRecord record);

    delegate RawRecord Make();

    void ComesBack(byte[] payload, byte[] metadata)
    {
        var (actualPayload, actualMetadata) = Read(payload, metadata);
        Assert.That(actualPayload, Is.EqualTo(payload));
        Assert.That(actualMetadata, Is.EqualTo(metadata));
    }

    static Make Record(byte[] payload, byte[] metadata) => () => new RawRecord
    {
        Position = new SpoolPosition(77),
        Next = new SpoolPosition(99),
        Source = RecordSource.ObjectStore,
        Signal = RecordSignal.RawLine,
        Tailnet = "täil.example",
        ReceivedAt = 1785153600000000005,
        Metadata = metadata,
        Payload = payload,
    };

    (byte[] Payload, byte[] Metadata) Read(byte[] payload, byte[] metadata)
    {
        byte[] actualPayload = [], actualMetadata = [];
        var problem = Read(Record(payload, metadata), 1_000_000, (in RawRecord record) => (actualPayload, actualMetadata) = (record.Payload.ToArray(), record.Metadata.ToArray()));
        Assert.That(problem, Is.Empty);
        return (actualPayload, actualMetadata);
    }

    string Read(Make make, int maxBytes, Look look)
    {
        var line = new DeadLetterLine();
        line.Write(make(), "test", null, null, DateTimeOffset.UnixEpoch, maxBytes);
        return ReadLine(line.Bytes, look);
    }

    string ReadLine(ReadOnlySpan<byte> line, Look look)
    {
        var path = _folder.File("letters");
        File.WriteAllBytes(path, line.ToArray());
        using var file = File.OpenHandle(path);
        using var scanner = new DeadLetterScanner(file, line.Length);
        Assert.That(scanner.TryNext());
        var head = DeadLetterHead.TryParse(scanner.Head, out var parsed) ? parsed : new DeadLetterHead(default, "", "", "", "", default, 0);
        var problem = _reader.Read(scanner, head, out var record);
        if (problem.Length == 0)
            look(record);
        return problem;
    }
}
