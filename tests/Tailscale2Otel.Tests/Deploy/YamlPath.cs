using YamlDotNet.RepresentationModel;

namespace Tailscale2Otel.Tests.Deploy;

/// <summary>YAML as a tree that is read by names.</summary>
static class YamlPath
{
    public static IReadOnlyList<YamlNode> Documents(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return [.. stream.Documents.Select(d => d.RootNode).Where(n => n is YamlMappingNode)];
    }

    /// <summary>The document of a kind, and with several of them of a name.</summary>
    public static YamlNode Resource(this IEnumerable<YamlNode> documents, string kind, string? name = null) =>
        documents.Single(d => d.Text("kind") == kind && (name is null || d.Text("metadata", "name") == name));

    /// <summary>Null where there is nothing.</summary>
    public static YamlNode? Find(this YamlNode node, params string[] path)
    {
        YamlNode? at = node;
        foreach (var name in path)
            at = at is YamlMappingNode map && map.Children.TryGetValue(new YamlScalarNode(name), out var child) ? child : null;
        return at;
    }

    public static YamlNode At(this YamlNode node, params string[] path) =>
        node.Find(path) ?? throw new AssertionException($"There is no {string.Join('.', path)}");

    public static string Text(this YamlNode node, params string[] path) => ((YamlScalarNode)node.At(path)).Value ?? "";

    /// <summary>The entries of a list; none where there is no list.</summary>
    public static IReadOnlyList<YamlNode> Items(this YamlNode node, params string[] path) =>
        node.Find(path) is YamlSequenceNode list ? [.. list] : [];

    /// <summary>Names and texts of a map of texts.</summary>
    public static Dictionary<string, string> Texts(this YamlNode node, params string[] path) =>
        ((YamlMappingNode)node.At(path)).ToDictionary(p => ((YamlScalarNode)p.Key).Value!, p => ((YamlScalarNode)p.Value).Value!, StringComparer.Ordinal);

    public static IEnumerable<string> Names(this YamlNode node, params string[] path) =>
        node.Find(path) is YamlMappingNode map ? map.Children.Keys.Select(k => ((YamlScalarNode)k).Value!) : [];
}
