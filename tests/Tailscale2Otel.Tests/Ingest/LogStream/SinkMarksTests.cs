using System.Text;
using Microsoft.Extensions.Logging;
using Tailscale2Otel.Ingest.LogStream;
using Tailscale2Otel.Model;
using Tailscale2Otel.Tailscale;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Ingest.LogStream;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SinkMarksTests : IDisposable
{
    const string Token = "00000000-0000-0000-0000-000000000001";

    static readonly LogStreamSink Sink = new("splunk", "https://logs.example.com/event", "tailscale2otel", new Secret(Token), "gzip");

    readonly TemporaryFolder _folder = new();
    readonly CollectingLogger _log = new();
    readonly ILoggerFactory _logging;

    public SinkMarksTests() => _logging = LoggerFactory.Create(l => l.AddProvider(_log));

    string Directory => _folder.File("stream");

    public void Dispose()
    {
        _folder.Dispose();
        _logging.Dispose();
        _log.Dispose();
    }

    [Test]
    public void A_destination_is_known_after_a_restart_and_no_other_is()
    {
        Marks().Keep("", LogType.Network, Sink);

        var marks = Marks();
        Assert.That(marks.Knows("", LogType.Network, Sink), Is.True);
        Assert.That(marks.Knows("", LogType.Network, Sink with { Token = new Secret("another") }), Is.False);
        Assert.That(marks.Knows("", LogType.Network, Sink with { Url = "https://other.example.com/event" }), Is.False);
        Assert.That(marks.Knows("", LogType.Network, Sink with { CompressionFormat = "zstd" }), Is.False);
        Assert.That(marks.Knows("", LogType.Configuration, Sink), Is.False);
        Assert.That(marks.Knows("example.com", LogType.Network, Sink), Is.False);
        Assert.That(marks.UrlOf("", LogType.Network), Is.EqualTo(Sink.Url));
        Assert.That(_log.Lines, Is.Empty);
    }

    [Test]
    public void The_token_is_not_on_disk_and_neither_is_a_digest_that_two_places_share()
    {
        Marks().Keep("one.example", LogType.Network, Sink);
        Marks().Keep("two.example", LogType.Network, Sink);

        var files = System.IO.Directory.GetFiles(Directory).Select(File.ReadAllText).ToArray();
        Assert.That(files, Has.Length.EqualTo(2));
        Assert.That(files, Has.None.Contains(Token));
        Assert.That(files[0].Split('\n')[2], Is.Not.EqualTo(files[1].Split('\n')[2]));
    }

    [TestCase("")]
    [TestCase("https://logs.example.com/event\n")]
    [TestCase("https://logs.example.com/event\nnot hexadecimal\n00\n")]
    [TestCase("a\nb\nc\nd\n")]
    public void A_damaged_mark_is_no_mark(string content)
    {
        Marks().Keep("", LogType.Network, Sink);
        File.WriteAllText(System.IO.Directory.GetFiles(Directory).Single(), content);

        Assert.That(Marks().Knows("", LogType.Network, Sink), Is.False);
    }

    [Test]
    public void A_file_of_any_size_is_read_up_to_a_limit()
    {
        Marks().Keep("", LogType.Network, Sink);
        File.AppendAllText(System.IO.Directory.GetFiles(Directory).Single(), new StringBuilder().Insert(0, "x\n", 1_000_000).ToString());

        Assert.That(Marks().Knows("", LogType.Network, Sink), Is.False);
    }

    [Test]
    public void A_directory_that_cannot_be_written_is_told_and_no_failure()
    {
        File.WriteAllText(Directory, "a file in its place");

        Marks().Keep("", LogType.Network, Sink);

        Assert.That(Marks().Knows("", LogType.Network, Sink), Is.False);
        Assert.That(_log.Lines, Has.Some.Contains("cannot be noted"));
        Assert.That(string.Concat(_log.Lines), Does.Not.Contain(Token));
    }

    SinkMarks Marks() => new(Directory, _logging.CreateLogger<SinkMarks>());
}
