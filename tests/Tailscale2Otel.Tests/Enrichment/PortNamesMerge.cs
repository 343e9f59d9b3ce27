using System.Globalization;
using Tailscale2Otel.Enrichment;

namespace Tailscale2Otel.Tests.Enrichment;

/// <summary>
/// Brings what a registry file knows into the table of port names: IANA's service-names-port-numbers.csv, whose names replace
/// ours, or a services(5) file, which only adds, since distributions also list names that nobody registered.
/// </summary>
static class PortNamesMerge
{
    static readonly string[] Transports = ["tcp", "udp", "sctp"];

    public static List<PortName> ReadTable()
    {
        using var stream = typeof(PortNames).Assembly.GetManifestResourceStream("PortNames.txt")!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(',')).Select(f => new PortName(int.Parse(f[0], CultureInfo.InvariantCulture), f[1], f[2]))];
    }

    /// <summary>Lines of <c>Service Name,Port Number,Transport Protocol,…</c>; the first name of a port is the one meant.</summary>
    public static IEnumerable<PortName> FromIana(IEnumerable<string> csv)
    {
        var seen = new HashSet<(int, string)>();
        foreach (var fields in csv.Select(l => l.Split(',')).Where(f => f.Length > 3 && f[0].Length > 0 && Transports.Contains(f[2])))
        {
            var range = fields[1].Split('-');
            if (!int.TryParse(range[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first) ||
                !int.TryParse(range[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last))
                continue;

            for (var port = first; port <= last; port++)
            {
                if (port is > 0 and <= ushort.MaxValue && seen.Add((port, fields[2])))
                    yield return new PortName(port, fields[2], fields[0].ToLowerInvariant());
            }
        }
    }

    /// <summary>Lines of <c>name port/transport aliases</c>, up to where the file says that what follows is not IANA's.</summary>
    public static IEnumerable<PortName> FromServices(IEnumerable<string> services, IReadOnlyCollection<PortName> known)
    {
        var ports = known.Select(n => (n.Port, n.Transport)).ToHashSet();
        foreach (var line in services.TakeWhile(l => !l.Contains("not as allocated by IANA", StringComparison.Ordinal)))
        {
            var fields = line.Split('#')[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            var place = fields.Length > 1 ? fields[1].Split('/') : [];
            if (place.Length == 2 && Transports.Contains(place[1]) && int.TryParse(place[0], NumberStyles.None, CultureInfo.InvariantCulture, out var port) &&
                ports.Add((port, place[1])))
                yield return new PortName(port, place[1], fields[0].ToLowerInvariant());
        }
    }

    /// <summary>The lines of the new table, in order; what is in <paramref name="news"/> wins.</summary>
    public static IEnumerable<string> Merge(IEnumerable<PortName> table, IEnumerable<PortName> news) => news.Concat(table)
        .DistinctBy(n => (n.Port, n.Transport))
        .OrderBy(n => n.Port).ThenBy(n => Array.IndexOf(Transports, n.Transport))
        .Select(Format);

    public static string Format(PortName name) => string.Create(CultureInfo.InvariantCulture, $"{name.Port},{name.Transport},{name.Name}");
}
