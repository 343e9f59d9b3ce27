namespace Tailscale2Otel.Config;

/// <summary>
/// The keys that configurations of the Go project use, from the embedded list. Adding an options class takes no edit there:
/// what a class reads counts as built.
/// </summary>
static class ReferenceKeys
{
    public static IReadOnlyList<KnownKey> All { get; } = Read();

    /// <summary>Keys of the items of a list of sections, as <c>tailnets[].objectstore</c>.</summary>
    public static IEnumerable<KnownKey> OfItems(string list) => All.Where(k => k.Name.StartsWith($"{list}[].", StringComparison.Ordinal));

    /// <summary>Keys that earlier versions of the Go project had: what to do with them.</summary>
    public static IReadOnlyDictionary<string, string> Removed { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["cardinality.flow.destination_service"] =
            "the key was removed: the service name follows the destination port; delete it, and set cardinality.flow.destination_port for the raw families",
    };

    static List<KnownKey> Read()
    {
        using var stream = typeof(ReferenceKeys).Assembly.GetManifestResourceStream("ReferenceKeys.txt")!;
        using var reader = new StreamReader(stream);
        var keys = new List<KnownKey>();
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#') && line.Length > 0)
                keys.Add(Parse(line));
        }

        return keys;
    }

    static KnownKey Parse(string line)
    {
        var parts = line.Split(" - ", 2);
        var name = parts[0].Split(':', 2);
        var shape = name.Length == 1 ? KeyShape.Value : Enum.Parse<KeyShape>(name[1], ignoreCase: true);
        return new KnownKey(name[0], shape, NoEffect: parts.Length == 2 ? parts[1] : null);
    }
}
