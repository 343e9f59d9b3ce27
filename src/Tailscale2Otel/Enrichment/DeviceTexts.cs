using System.Buffers;
using System.Text;
using Tailscale2Otel.Model.Devices;

namespace Tailscale2Otel.Enrichment;

/// <summary>Gathers the texts of a device list in one block; a text that many devices have is there once.</summary>
sealed class DeviceTexts
{
    readonly ArrayBufferWriter<byte> _block = new(1024);
    readonly Dictionary<string, TextRange> _known = new(StringComparer.Ordinal);

    public DeviceRow Add(Device device, string name) => new(
        Add(name),
        Add(device.NodeId),
        device.Tags.Count > 0 ? default : Add(device.User),
        Add(TagText(device.Tags)),
        Add(device.Os),
        device.IsExternal);

    public TextRange Add(string text)
    {
        if (text.Length == 0)
            return default;
        if (_known.TryGetValue(text, out var range))
            return range;

        var start = _block.WrittenCount;
        Encoding.UTF8.GetBytes(text, _block);
        return _known[text] = new TextRange(start, _block.WrittenCount - start);
    }

    public byte[] ToArray() => _block.WrittenSpan.ToArray();

    /// <summary>Sorted, unique, joined by commas.</summary>
    public static string TagText(IReadOnlyList<string> tags) => tags.Count switch
    {
        0 => "",
        1 => tags[0],
        _ => string.Join(',', tags.Where(t => t.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)),
    };
}
