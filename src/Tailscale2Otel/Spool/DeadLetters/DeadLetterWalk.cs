using System.Diagnostics.CodeAnalysis;

namespace Tailscale2Otel.Spool.DeadLetters;

/// <summary>Goes through the dead letters of a snapshot, oldest first, past everything that is none.</summary>
sealed class DeadLetterWalk(DeadLetterSnapshot snapshot) : IDisposable
{
    int _next;

    /// <summary>Stands on the letter's line.</summary>
    public DeadLetterScanner? Scanner { get; private set; }

    public DeadLetterHead? Head { get; private set; }

    public string FileName => snapshot.Files[_next - 1].Name;

    /// <summary>Lines passed that are no dead letters.</summary>
    public long ForeignLines { get; private set; }

    /// <exception cref="IOException">A file cannot be read.</exception>
    [MemberNotNullWhen(true, nameof(Scanner), nameof(Head))]
    public bool TryNext()
    {
        while (true)
        {
            while (Scanner is not null && Scanner.TryNext())
            {
                if (Scanner.IsBlank)
                    continue;
                if (DeadLetterHead.TryParse(Scanner.Head, out var head))
                {
                    Head = head;
                    return true;
                }

                ForeignLines++;
            }

            Scanner?.Dispose();
            Scanner = null;
            if (_next == snapshot.Files.Count)
                return false;
            var file = snapshot.Files[_next++];
            Scanner = new DeadLetterScanner(file.Handle, file.Length);
        }
    }

    public void Dispose() => Scanner?.Dispose();
}
