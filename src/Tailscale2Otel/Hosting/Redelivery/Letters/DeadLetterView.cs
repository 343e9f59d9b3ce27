using System.Globalization;
using System.Text;
using Tailscale2Otel.Cli;
using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Spool.DeadLetters;

namespace Tailscale2Otel.Hosting.Redelivery.Letters;

/// <summary><c>dead-letters show</c>: everything about one record, as often as it was written.</summary>
sealed class DeadLetterView(DeadLetterArguments arguments, TextWriter output, TextWriter error)
{
    /// <summary>Of metadata and record each; <c>list --json</c> has them whole.</summary>
    const int MostCharacters = 64 * 1024;

    public int Run(string directory, CancellationToken stop)
    {
        using var snapshot = DeadLetterSnapshot.Open(directory);
        using var walk = new DeadLetterWalk(snapshot);
        using var reader = new DeadLetterReader();
        var isFound = false;
        while (walk.TryNext())
        {
            stop.ThrowIfCancellationRequested();
            if (!arguments.Selects(walk.Head))
                continue;
            if (isFound)
                output.WriteLine();
            isFound = true;
            Write(walk, reader);
        }

        if (!isFound)
            error.WriteLine($"{ProductInfo.Name}: there is no dead letter {arguments.Ids[0]} in {directory}");
        return isFound ? ExitCode.Ok : ExitCode.Failed;
    }

    void Write(DeadLetterWalk walk, DeadLetterReader reader)
    {
        var head = walk.Head!;
        Write("id", head.Id.ToString());
        Write("written", DeadLetterListing.TimeText(head.Time));
        Write("received", DeadLetterListing.TimeText(DateTimeOffset.UnixEpoch.AddTicks(head.ReceivedAt / TimeSpan.NanosecondsPerTick)));
        Write("source", head.Source);
        Write("signal", head.Signal);
        Write("tailnet", head.Tailnet);
        Write("reason", head.Reason);
        Write("status", head.Status?.ToString(CultureInfo.InvariantCulture) ?? "");
        Write("message", head.Message ?? "");
        Write("position", head.Position.ToString());
        Write("file", string.Create(CultureInfo.InvariantCulture, $"{walk.FileName}, {walk.Scanner!.Length} bytes"));
        var problem = reader.Read(walk.Scanner, head, out var record);
        if (problem == DeadLetterReader.Cut)
            Write("note", $"only the beginning is in the file{(reader.RecordBytes is { } whole ? $", the record has {whole} bytes" : "")}; retry looks for it in the spool");
        if (problem == DeadLetterReader.Unreadable)
            Write("note", "the line cannot be read as JSON");
        Write("metadata", reader.MetadataJson, record.Metadata);
        Write("record", reader.RecordJson, record.Payload);
    }

    void Write(string name, string value)
    {
        if (value.Length > 0)
            output.WriteLine($"{name,-9} {TerminalText.Escape(value)}");
    }

    /// <param name="json">As the line has it.</param>
    /// <param name="bytes">What it stands for.</param>
    void Write(string name, ReadOnlySpan<byte> json, ReadOnlySpan<byte> bytes)
    {
        if (json.IsEmpty)
            return;

        output.WriteLine(name);
        if (json.Length == bytes.Length)
        {
            output.WriteLine(PrettyJson.Format(json, MostCharacters));
            return;
        }

        // A character is at most three bytes per UTF-16 unit; half a one at the cut shows as U+FFFD.
        var text = new StringBuilder();
        TerminalText.Append(text, Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, MostCharacters)]));
        output.WriteLine(bytes.Length > MostCharacters ? $"  {text}…" : $"  {text}");
    }
}
