using System.Text;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Processing.Flow;

/// <summary>
/// What <c>tailscale.reporter.trust</c> says of a reporting node: whether the operator listed its ID. That a node has a
/// listed tag is believed only of the device list and never of the record itself, since a node that forges its records forges
/// its tags too; without a device list nothing is <c>tagged</c>.
/// </summary>
sealed class TrustedReporters
{
    static readonly Utf8Name Unconfigured = new("unconfigured");
    static readonly Utf8Name Configured = new("configured");
    static readonly Utf8Name Untrusted = new("untrusted");

    readonly byte[][] _nodeIds;
    readonly bool _configured;

    public TrustedReporters(FlowOptions options)
    {
        _nodeIds = [.. options.TrustedReporterNodeIds.Select(Encoding.UTF8.GetBytes)];
        Array.Sort(_nodeIds, (a, b) => a.AsSpan().SequenceCompareTo(b));
        _configured = _nodeIds.Length > 0 || options.TrustedReporterTags.Count > 0;
    }

    public Utf8Name TrustOf(ReadOnlySpan<byte> nodeId)
    {
        if (!_configured)
            return Unconfigured;

        var low = 0;
        var high = _nodeIds.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = nodeId.SequenceCompareTo(_nodeIds[middle]);
            if (order == 0)
                return Configured;
            if (order < 0)
                high = middle - 1;
            else
                low = middle + 1;
        }

        return Untrusted;
    }
}
