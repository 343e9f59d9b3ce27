using System.Text;

namespace Tailscale2Otel.Config;

/// <summary>Reads the files that <c>*_file</c> keys name, once, and puts what they hold in the place of the secret.</summary>
sealed class SecretFiles(ConfigValues values, ConfigReport report)
{
    const int MaxBytes = 65_536;

    public void Read(IEnumerable<OptionKey> options)
    {
        foreach (var secret in options.Where(o => o.FileName is not null))
        {
            if (values.Find(secret.FileName!) is { } file && file.Text is not "")
                Read(secret, file);
        }
    }

    void Read(OptionKey secret, ConfigNode file)
    {
        if (file.Text is null)
            report.Error(secret.FileName!, file.Source, null, $"must be a path, not {file.Shape}");
        else if (values.Find(secret.Name) is { } value && value.Text is not "" && value.Items is not [])
            report.Error(secret.FileName!, file.Source, file.Text, $"{secret.Name} is set too ({value.Source}): set only one, not both");
        else if (TryRead(secret.FileName!, file, file.Text) is { } content)
            values.Set(new KnownKey(secret.Name, KeyShape.Value, secret), ToNode(secret, content, file.Source));
    }

    static ConfigNode ToNode(OptionKey secret, string content, ConfigSource source) =>
        secret.Kind == OptionKind.Secret
            ? ConfigNode.Scalar(content, source)
            : ConfigNode.List([.. Lines(content).Select(l => ConfigNode.Scalar(l, source))], source);

    static string[] Lines(string content) => content.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    string? TryRead(string key, ConfigNode file, string path)
    {
        var resolved = ConfigPaths.Resolve(path, file.Source);
        var problem = "";
        try
        {
            using var stream = File.OpenRead(resolved);
            var buffer = new byte[MaxBytes + 1];
            var read = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            // The mark is no white space to Trim, and an editor may have put it there.
            var content = Encoding.UTF8.GetString(buffer, 0, read).TrimStart('\uFEFF').Trim();
            if (read > MaxBytes)
                problem = $"larger than {MaxBytes} bytes, which no secret is";
            else if (content.Length == 0)
                problem = "the file is empty";
            else
                return content;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            problem = $"cannot be read: {e.Message}";
        }

        report.Error(key, file.Source, path, path == resolved ? problem : $"{problem} (resolved to {resolved})");
        return null;
    }
}
