using Tailscale2Otel.Redaction;

namespace Tailscale2Otel.Processing.Devices;

/// <summary>
/// Makes the attributes of every device gauge, so that there is one place that decides what may leave. Attributes without a
/// value are left out.
/// </summary>
/// <param name="tailnet">As metrics call it; a constant attribute unless empty.</param>
/// <param name="redactor">Takes out what must not leave; null when all may.</param>
sealed class GaugeAttributes(string tailnet, Redactor? redactor = null)
{
    /// <param name="identity">How many of the first attributes tell the series from others.</param>
    /// <returns>Null when there is identity and nothing of it is left: such series would be taken for one another.</returns>
    public KeyValuePair<string, object?>[]? Of(int identity, params ReadOnlySpan<(string Key, object? Value)> attributes)
    {
        var kept = new List<KeyValuePair<string, object?>>(attributes.Length + 1);
        if (tailnet.Length > 0)
            kept.Add(new("tailscale.tailnet", tailnet));

        var identified = 0;
        for (var i = 0; i < attributes.Length; i++)
        {
            var (key, value) = attributes[i];
            if (value is null or "" || redactor?.Removes(key, value) == true)
                continue;

            kept.Add(new(key, value));
            identified += i < identity ? 1 : 0;
        }

        return identity > 0 && identified == 0 ? null : [.. kept];
    }
}
