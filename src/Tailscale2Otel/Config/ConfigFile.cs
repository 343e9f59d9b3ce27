using System.Text;

namespace Tailscale2Otel.Config;

/// <summary>The configuration file: read once, bounded, every value with its line.</summary>
static class ConfigFile
{
    const int MaxBytes = 1_048_576;

    static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The root of the file, or null where there is nothing to read; the report says why.</summary>
    /// <param name="isOpen">Others than the owner can read it.</param>
    public static ConfigNode? Read(string path, ConfigReport report, out bool isOpen)
    {
        isOpen = false;
        var source = new ConfigSource(ConfigLayer.File, path);
        try
        {
            using var file = File.OpenRead(path);
            isOpen = !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)) != 0;
            using var text = new StringReader(StrictUtf8.GetString(ReadBounded(file)));
            return Check(YamlTree.Read(path, text, report), report);
        }
        catch (DecoderFallbackException)
        {
            report.Error("", source, null, "not UTF-8");
        }
        catch (InvalidDataException e)
        {
            report.Error("", source, null, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            report.Error("", source, null, $"the configuration file cannot be read: {e.Message}");
        }

        return null;
    }

    static ConfigNode? Check(ConfigNode? root, ConfigReport report)
    {
        if (root is null or { IsNull: true })
            return null;
        if (root.Members is not null)
            return root;

        report.Error("", root.Source, null, $"the file must be a map of sections, not {root.Shape}");
        return null;
    }

    static ReadOnlySpan<byte> ReadBounded(FileStream file)
    {
        var buffer = new byte[MaxBytes + 1];
        var read = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        if (read > MaxBytes)
            throw new InvalidDataException($"larger than {MaxBytes} bytes, which no configuration is");

        ReadOnlySpan<byte> content = buffer.AsSpan(0, read);
        return content.StartsWith("\uFEFF"u8) ? content[3..] : content;
    }
}
