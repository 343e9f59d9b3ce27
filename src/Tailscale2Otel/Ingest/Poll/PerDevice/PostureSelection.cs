using Tailscale2Otel.Model.Devices;

namespace Tailscale2Otel.Ingest.Poll.PerDevice;

/// <summary>What is kept of the posture of a device, so that memory and series do not grow with what integrations and users write there.</summary>
/// <param name="namespaces"><c>collectors.devices.attribute_namespaces</c>.</param>
/// <param name="leftOut">Is told how many attributes were over the limit.</param>
sealed class PostureSelection(IEnumerable<string> namespaces, Action<int> leftOut)
{
    /// <summary>Of one device; always the same ones, in the order of their names.</summary>
    public const int MaxAttributes = 64;

    /// <summary>Characters of a name or a text.</summary>
    public const int MaxLength = 128;

    const string Cut = "…[truncated]";

    readonly HashSet<string> _namespaces = new(namespaces, StringComparer.Ordinal);

    public PostureFacts Of(DevicePosture posture)
    {
        var chosen = posture.Attributes.Where(a => IsChosen(a.Key)).OrderBy(a => a.Key, StringComparer.Ordinal).DistinctBy(a => Bounded(a.Key), StringComparer.Ordinal).ToList();
        if (chosen.Count > MaxAttributes)
            leftOut(chosen.Count - MaxAttributes);
        var attributes = chosen.Take(MaxAttributes).Select(a => a with { Key = Bounded(a.Key), Text = a.Text is null ? null : Bounded(a.Text) });
        return new PostureFacts([.. attributes])
        {
            Os = Text(posture, "node:os"),
            OsVersion = Text(posture, "node:osVersion"),
            ClientVersion = Text(posture, "node:tsVersion"),
            ReleaseTrack = Text(posture, "node:tsReleaseTrack"),
            AutoUpdate = Flag(posture, "node:tsAutoUpdate"),
            StateEncrypted = Flag(posture, "node:tsStateEncrypted"),
        };
    }

    bool IsChosen(string key) =>
        _namespaces.Contains("*") || (key.IndexOf(':', StringComparison.Ordinal) is var colon and > 0 && _namespaces.Contains(key[..colon]));

    static PostureAttribute? Find(DevicePosture posture, string key) => posture.Attributes.FirstOrDefault(a => a.Key == key);

    static string? Text(DevicePosture posture, string key) => Find(posture, key)?.Text is { Length: > 0 } text ? Bounded(text) : null;

    static bool? Flag(DevicePosture posture, string key) =>
        Find(posture, key) is { } found ? found.Flag ?? (bool.TryParse(found.Text, out var flag) ? flag : null) : null;

    static string Bounded(string text)
    {
        if (text.Length <= MaxLength)
            return text;
        var end = MaxLength - Cut.Length;
        return (char.IsHighSurrogate(text[end - 1]) ? text[..(end - 1)] : text[..end]) + Cut;
    }
}
