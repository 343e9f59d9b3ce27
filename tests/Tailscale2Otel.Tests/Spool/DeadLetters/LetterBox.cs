using System.Diagnostics.Metrics;
using System.Text;
using Tailscale2Otel.Model;
using Tailscale2Otel.Spool.DeadLetters;
using Tailscale2Otel.Tests.Support;
using Letters = Tailscale2Otel.Spool.DeadLetters.DeadLetters;

namespace Tailscale2Otel.Tests.Spool.DeadLetters;

/// <summary>Dead letters in a folder of their own, each with a word as its record, as the daemon writes them.</summary>
sealed class LetterBox : IDisposable
{
    readonly TemporaryFolder? _own;
    readonly Meter _meter = new("test");
    readonly Letters _letters;
    long _position;

    public LetterBox(long maxBytes = 100_000_000, string? folder = null)
    {
        _own = folder is null ? new TemporaryFolder() : null;
        Folder = folder ?? _own!.Path;
        _letters = new Letters(new DeadLetterOptions { MaxBytes = maxBytes }, Folder, Time, _meter, Log);
    }

    public string Folder { get; }

    public ManualTime Time { get; } = new();

    public CollectedLog Log { get; } = new();

    public string File => Path.Combine(Folder, Letters.FileName);

    public string OlderFile => Path.Combine(Folder, Letters.OlderFileName);

    /// <summary>Every word that is in the files, oldest first.</summary>
    public IReadOnlyList<string> Words => [.. Read().Select(l => l.Word)];

    public IReadOnlyList<DeadLetterHead> Heads => [.. Read().Select(l => l.Head)];

    /// <summary>Files that are neither letters nor the lock.</summary>
    public IEnumerable<string> Leftovers => Directory.GetFiles(Folder).Select(f => Path.GetFileName(f)!)
        .Except([Letters.FileName, Letters.OlderFileName, DeadLetterLock.FileName, ReservedSpace.FileName]);

    public static string WordOf(DeadLetterScanner scanner, DeadLetterHead head)
    {
        using var reader = new DeadLetterReader();
        Assert.That(reader.Read(scanner, head, out var record), Is.Empty);
        return Encoding.UTF8.GetString(record.Payload);
    }

    public bool TryAdd(string word, string reason = "test")
    {
        var at = _position += 100;
        Time.Advance(TimeSpan.FromSeconds(1));
        return _letters.TryWrite(
            new RawRecord
            {
                Position = new SpoolPosition(at),
                Next = new SpoolPosition(at + 100),
                Source = RecordSource.Stream,
                Signal = RecordSignal.RawLine,
                Tailnet = "example.com",
                ReceivedAt = at + 7,
                Payload = Encoding.UTF8.GetBytes(word),
            },
            reason);
    }

    public LetterBox Add(params string[] words)
    {
        foreach (var word in words)
            Assert.That(TryAdd(word));
        return this;
    }

    public bool Flush() => _letters.TryFlush();

    /// <summary>Drops the letters of these words, from a snapshot taken now.</summary>
    public DeadLetterDrop Drop(params string[] words)
    {
        using var snapshot = DeadLetterSnapshot.OpenLocked(Folder);
        return DeadLetterRewrite.Drop(snapshot, Meaning(words));
    }

    /// <summary>For letters that are there now.</summary>
    public Func<DeadLetterHead, bool> Meaning(params string[] words)
    {
        var ids = Read().Where(l => words.Contains(l.Word)).Select(l => l.Head.Id).ToHashSet();
        return head => ids.Contains(head.Id);
    }

    public void Dispose()
    {
        _letters.Dispose();
        _meter.Dispose();
        _own?.Dispose();
    }

    List<(DeadLetterHead Head, string Word)> Read()
    {
        List<(DeadLetterHead, string)> found = [];
        using var snapshot = DeadLetterSnapshot.Open(Folder);
        using var walk = new DeadLetterWalk(snapshot);
        while (walk.TryNext())
            found.Add((walk.Head, WordOf(walk.Scanner, walk.Head)));
        return found;
    }
}
