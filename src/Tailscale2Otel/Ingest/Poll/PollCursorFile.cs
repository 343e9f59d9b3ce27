using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Tailscale2Otel.Model;
using Tailscale2Otel.Spool;

namespace Tailscale2Otel.Ingest.Poll;

/// <summary>
/// The newest cursor of each poller, and up to which position of the spool they are that. A line of JSON and a line with its
/// CRC-32C; it appears under its name only when it is whole and flushed.
/// </summary>
sealed class PollCursorFile(string directory)
{
    public const string Name = "poll-cursors";

    const string Temporary = "poll-cursors.tmp";
    const long LargestFile = 1024 * 1024;

    readonly string _path = Path.Combine(directory, Name);

    /// <summary>Null when there is no file or it is not sound.</summary>
    /// <param name="isDamaged">There was one.</param>
    /// <exception cref="IOException">The disk does not give it.</exception>
    public (SpoolPosition Position, Dictionary<PollKey, PollCursor> Cursors)? Load(out bool isDamaged)
    {
        isDamaged = false;
        if (!File.Exists(_path))
            return null;

        isDamaged = true;
        if (new FileInfo(_path).Length > LargestFile)
            return null;
        var bytes = File.ReadAllBytes(_path).AsSpan();
        var line = bytes.IndexOf((byte)'\n');
        if (line < 0 || !bytes[(line + 1)..].SequenceEqual(Checksum(bytes[..line])))
            return null;

        try
        {
            var found = Parse(bytes[..line]);
            isDamaged = found is null;
            return found;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    /// <exception cref="IOException">The disk did not take it; the file says what it said before.</exception>
    public void Save(SpoolPosition position, IReadOnlyDictionary<PollKey, PollCursor> cursors)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
            Write(json, position, cursors);
        buffer.Write("\n"u8);
        buffer.Write(Checksum(buffer.WrittenSpan[..^1]));

        var temporary = Path.Combine(directory, Temporary);
        using (var file = File.OpenHandle(temporary, FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(file, buffer.WrittenSpan, 0);
            RandomAccess.FlushToDisk(file);
        }

        File.Move(temporary, _path, overwrite: true);
        DirectorySync.Flush(directory);
    }

    static byte[] Checksum(ReadOnlySpan<byte> line) =>
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Crc32C.Of(line):x8}\n"));

    static void Write(Utf8JsonWriter json, SpoolPosition position, IReadOnlyDictionary<PollKey, PollCursor> cursors)
    {
        json.WriteStartObject();
        json.WriteNumber("version", PollCursor.Version);
        json.WriteNumber("position", position.Value);
        json.WriteStartArray("cursors");
        foreach (var (key, cursor) in cursors)
        {
            json.WriteStartObject();
            json.WriteString("tailnet", key.Tailnet);
            json.WriteString("collector", key.Collector);
            cursor.WriteTimes(json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    static (SpoolPosition, Dictionary<PollKey, PollCursor>)? Parse(ReadOnlySpan<byte> line)
    {
        using var json = JsonDocument.Parse(line.ToArray(), new JsonDocumentOptions { MaxDepth = 8 });
        var root = json.RootElement;
        if (root.GetProperty("version").GetInt32() != PollCursor.Version)
            return null;

        Dictionary<PollKey, PollCursor> cursors = [];
        foreach (var item in root.GetProperty("cursors").EnumerateArray())
        {
            if (!PollCursor.TryReadTimes(item, out var cursor))
                return null;
            cursors[new PollKey(item.GetProperty("tailnet").GetString() ?? "", item.GetProperty("collector").GetString() ?? "")] = cursor;
        }

        return (new SpoolPosition(root.GetProperty("position").GetInt64()), cursors);
    }
}
