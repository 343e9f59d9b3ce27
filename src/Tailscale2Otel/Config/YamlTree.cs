using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Tailscale2Otel.Config;

/// <summary>
/// Reads one YAML document into nodes that know their line. Bounded in depth and in nodes, counting what aliases repeat, so
/// that a file of a few lines cannot grow without end.
/// </summary>
sealed class YamlTree
{
    const int MaxDepth = 32;
    const int MaxNodes = 50_000;

    readonly string _file;
    readonly Parser _parser;
    readonly ConfigReport _report;
    readonly Dictionary<string, (ConfigNode Node, int Size)> _anchors = new(StringComparer.Ordinal);
    int _nodes;

    YamlTree(string file, TextReader reader, ConfigReport report)
    {
        _file = file;
        _parser = new Parser(reader);
        _report = report;
    }

    /// <summary>The document's root, or null where it is empty or broken, which the report then says.</summary>
    public static ConfigNode? Read(string file, TextReader reader, ConfigReport report)
    {
        var tree = new YamlTree(file, reader, report);
        try
        {
            return tree.ReadDocument();
        }
        catch (YamlException e)
        {
            var extent = e.End.Line > e.Start.Line ? $" (up to line {e.End.Line})" : "";
            report.Error("", new ConfigSource(ConfigLayer.File, file, (int)e.Start.Line), null, $"not valid YAML: {Printable.Value(e.Message.TrimEnd('.'))}{extent}");
            return null;
        }
    }

    ConfigNode? ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (_parser.TryConsume<StreamEnd>(out _))
            return null;

        _parser.Consume<DocumentStart>();
        var root = ReadNode(0);
        _parser.Consume<DocumentEnd>();
        if (_parser.TryConsume<DocumentStart>(out var second))
            throw new YamlException(second.Start, second.End, "one document was expected, and a second one begins here");
        return root;
    }

    /// <param name="line">Line of the key that a value belongs to; 0 for the value's own.</param>
    ConfigNode ReadNode(int depth, int line = 0)
    {
        var start = _parser.Current ?? throw new YamlException("the document ends early");
        if (depth > MaxDepth)
            throw new YamlException(start.Start, start.End, $"nested deeper than {MaxDepth} levels");

        Count(start, 1);
        var before = _nodes;
        if (_parser.TryConsume<AnchorAlias>(out var alias))
            return Resolve(alias);

        var node = start switch
        {
            MappingStart => ReadMap(depth, line),
            SequenceStart => ReadList(depth, line),
            _ => ReadScalar(line),
        };
        if (start is NodeEvent { Anchor.IsEmpty: false } anchored)
            _anchors[anchored.Anchor.Value] = (node, _nodes - before + 1);
        return node;
    }

    ConfigNode ReadScalar(int line)
    {
        var scalar = _parser.Consume<Scalar>();
        var empty = scalar is { Style: ScalarStyle.Plain, Value: "" or "~" or "null" or "Null" or "NULL" };
        return empty
            ? ConfigNode.Null(At(scalar.Start, line))
            : ConfigNode.Scalar(scalar.Value, At(scalar.Start, line));
    }

    ConfigNode ReadList(int depth, int line)
    {
        var start = _parser.Consume<SequenceStart>();
        var items = new List<ConfigNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
            items.Add(ReadNode(depth + 1));
        return ConfigNode.List(items, At(start.Start, line));
    }

    ConfigNode ReadMap(int depth, int line)
    {
        var start = _parser.Consume<MappingStart>();
        var members = new List<KeyValuePair<string, ConfigNode>>();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        var merged = new List<ConfigNode>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            if (!_parser.TryConsume<Scalar>(out var name))
                throw new YamlException(_parser.Current!.Start, _parser.Current.End, "a key must be a plain name");

            var value = ReadNode(depth + 1, (int)name.Start.Line);
            if (name is { Value: "<<", Style: ScalarStyle.Plain })
                merged.Add(value);
            else if (seen.TryAdd(name.Value, (int)name.Start.Line))
                members.Add(new(name.Value, value));
            else
                _report.Error("", At(name.Start), null, $"the key {Printable.Value(name.Value)} is here a second time, after line {seen[name.Value]}");
        }

        foreach (var member in merged.SelectMany(Mergeable).Where(m => seen.TryAdd(m.Key, m.Value.Source.Line)))
            members.Add(member);
        return ConfigNode.Map(members, At(start.Start, line));
    }

    // YAML's merge key: `<<: *anchor` or `<<: [*one, *two]`; what stands in the map itself is stronger.
    static IEnumerable<KeyValuePair<string, ConfigNode>> Mergeable(ConfigNode node) =>
        node.Members ?? (node.Items ?? []).SelectMany(i => i.Members ?? []);

    ConfigNode Resolve(AnchorAlias alias)
    {
        if (!_anchors.TryGetValue(alias.Value.Value, out var anchored))
        {
            // The name is not repeated: it may be a secret that nobody has quoted.
            throw new YamlException(alias.Start, alias.End, "nothing before this line has the name that the * refers to; put a text that begins with * into quotes");
        }

        Count(alias, anchored.Size);
        return anchored.Node;
    }

    void Count(ParsingEvent at, int nodes)
    {
        _nodes += nodes;
        if (_nodes > MaxNodes)
            throw new YamlException(at.Start, at.End, $"more than {MaxNodes} values");
    }

    ConfigSource At(Mark mark, int line = 0) => new(ConfigLayer.File, _file, line > 0 ? line : (int)mark.Line);
}
