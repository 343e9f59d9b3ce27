using System.Text;
using Tailscale2Otel.Enrichment;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Processing.Flow;

/// <summary>
/// What <c>tailscale.reporter.trust</c> says of a reporting node: whether the operator listed its ID, or one of its tags. That a
/// node has a tag is believed only of the device list and never of the record itself, since a node that forges its records
/// forges its tags too; and only of the tailnet's own devices, since others' tags are given by others.
/// </summary>
sealed class TrustedReporters
{
    static readonly Utf8Name Unconfigured = new("unconfigured");
    static readonly Utf8Name Configured = new("configured");
    static readonly Utf8Name Tagged = new("tagged");
    static readonly Utf8Name Untrusted = new("untrusted");

    readonly byte[][] _nodeIds;
    readonly byte[][] _tags;
    readonly bool _configured;

    public TrustedReporters(FlowOptions options)
    {
        _nodeIds = Sorted(options.TrustedReporterNodeIds);
        _tags = Sorted(options.TrustedReporterTags.Select(t => t.StartsWith("tag:", StringComparison.Ordinal) ? t : $"tag:{t}"));
        _configured = _nodeIds.Length > 0 || _tags.Length > 0;
    }

    /// <param name="device">The reporter in the device list.</param>
    public Utf8Name TrustOf(ReadOnlySpan<byte> nodeId, IndexedDevice device)
    {
        if (!_configured)
            return Unconfigured;
        if (Contains(_nodeIds, nodeId))
            return Configured;

        return _tags.Length > 0 && !device.IsExternal && HasTrustedTag(device.Tags) ? Tagged : Untrusted;
    }

    bool HasTrustedTag(ReadOnlySpan<byte> tags)
    {
        while (!tags.IsEmpty)
        {
            var comma = tags.IndexOf((byte)',');
            if (Contains(_tags, comma < 0 ? tags : tags[..comma]))
                return true;
            tags = comma < 0 ? default : tags[(comma + 1)..];
        }

        return false;
    }

    static byte[][] Sorted(IEnumerable<string> texts)
    {
        byte[][] sorted = [.. texts.Select(Encoding.UTF8.GetBytes)];
        Array.Sort(sorted, (a, b) => a.AsSpan().SequenceCompareTo(b));
        return sorted;
    }

    static bool Contains(byte[][] sorted, ReadOnlySpan<byte> text)
    {
        var low = 0;
        var high = sorted.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = text.SequenceCompareTo(sorted[middle]);
            if (order == 0)
                return true;
            if (order < 0)
                high = middle - 1;
            else
                low = middle + 1;
        }

        return false;
    }
}
