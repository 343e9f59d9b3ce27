using System.Buffers;
using System.Globalization;
using System.Text;
using Tailscale2Otel.Cli;
using Tailscale2Otel.Spool.DeadLetters;

namespace Tailscale2Otel.Hosting.Redelivery.Letters;

/// <summary><c>dead-letters list</c>: one line for each letter, in the memory of one part of a line.</summary>
sealed class DeadLetterListing(DeadLetterArguments arguments, TextWriter output, TextWriter error)
{
    const int PartBytes = 64 * 1024;

    public static string TimeText(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public int Run(string directory, CancellationToken stop)
    {
        using var snapshot = DeadLetterSnapshot.Open(directory);
        using var walk = new DeadLetterWalk(snapshot);
        var listed = 0L;
        while (listed < arguments.Limit && walk.TryNext())
        {
            stop.ThrowIfCancellationRequested();
            if (!arguments.Selects(walk.Head))
                continue;
            if (arguments.Json)
                WriteLine(walk.Scanner, walk.Head.Id);
            else
                WriteRow(walk.Head, walk.Scanner.Length, isFirst: listed == 0);
            listed++;
        }

        Say(error, walk, $"{listed} dead letters in {directory}");
        return ExitCode.Ok;
    }

    /// <summary>The last line of a command, and what was passed over.</summary>
    public static void Say(TextWriter writer, DeadLetterWalk walk, string text) => writer.WriteLine(
        walk.ForeignLines == 0 ? text : $"{text} ({walk.ForeignLines} lines are none and were passed over)");

    public void WriteRow(DeadLetterHead head, long bytes, bool isFirst)
    {
        if (isFirst)
            output.WriteLine(Row("ID", "WRITTEN", "SOURCE", "SIGNAL", "TAILNET", "REASON", "STATUS", "BYTES"));
        output.WriteLine(Row(
            head.Id.ToString(), TimeText(head.Time), head.Source, head.Signal, head.Tailnet.Length > 0 ? head.Tailnet : "-", head.Reason,
            head.Status?.ToString(CultureInfo.InvariantCulture) ?? "-", bytes.ToString(CultureInfo.InvariantCulture)));
    }

    static string Row(string id, string time, string source, string signal, string tailnet, string reason, string status, string bytes) =>
        TerminalText.Escape(string.Create(CultureInfo.InvariantCulture, $"{id,-12}  {time,-24}  {source,-11}  {signal,-12}  {tailnet,-20}  {reason,-20}  {status,6}  {bytes,9}"));

    /// <summary>The line as it stands in the file, with the id as its first member. What is escaped is the same value in JSON.</summary>
    void WriteLine(DeadLetterScanner scanner, DeadLetterId id)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(PartBytes);
        var characters = ArrayPool<char>.Shared.Rent(PartBytes + 4);
        try
        {
            output.Write($"{{\"id\":\"{id}\",");
            var decoder = Encoding.UTF8.GetDecoder();
            var text = new StringBuilder();
            for (var from = 1L; from < scanner.Length; from += PartBytes)
            {
                var part = bytes.AsSpan(0, (int)Math.Min(PartBytes, scanner.Length - from));
                scanner.Read(from, part);
                var count = decoder.GetChars(part, characters, flush: from + part.Length == scanner.Length);
                TerminalText.Append(text.Clear(), characters.AsSpan(0, count));
                output.Write(text);
            }

            output.WriteLine();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
            ArrayPool<char>.Shared.Return(characters);
        }
    }
}
