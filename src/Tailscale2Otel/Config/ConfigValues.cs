using System.Globalization;

namespace Tailscale2Otel.Config;

/// <summary>What was written for each key, the strongest layer's word; the entries of a map are overridden one by one.</summary>
sealed class ConfigValues
{
    readonly Dictionary<string, ConfigNode> _nodes = new(StringComparer.Ordinal);
    readonly SortedDictionary<string, KnownKey> _unbuilt = new(StringComparer.Ordinal);

    /// <summary>Keys that were written and that nothing reads.</summary>
    public IReadOnlyCollection<KnownKey> Unbuilt => _unbuilt.Values;

    /// <summary>Takes over what the items of a list wrote in vain, to be told with the rest; once for all items.</summary>
    public void AddUnbuilt(KnownKey key) => _unbuilt[key.Name] = key;

    public ConfigNode? Find(string key) => _nodes.GetValueOrDefault(key);

    public string? Text(string key) => Find(key)?.Text;

    /// <summary>Where a key, or failing that something below it, was written.</summary>
    public ConfigSource SourceOf(string key)
    {
        if (_nodes.TryGetValue(key, out var node))
            return node.Source;
        if (key.IndexOf('[', StringComparison.Ordinal) is > 0 and var bracket && _nodes.TryGetValue(key[..bracket], out var list))
            return InList(list, key[bracket..]).Source;

        var below = key + ".";
        foreach (var (name, value) in _nodes.OrderBy(n => n.Key, StringComparer.Ordinal))
        {
            if (name.StartsWith(below, StringComparison.Ordinal))
                return value.Source;
        }

        return EntryOf(key)?.Source ?? ConfigSource.Default;
    }

    /// <summary><c>otlp.headers.x-scope</c> is the entry <c>x-scope</c> of the map <c>otlp.headers</c>.</summary>
    ConfigNode? EntryOf(string key)
    {
        for (var dot = key.LastIndexOf('.'); dot > 0; dot = key.LastIndexOf('.', dot - 1))
        {
            if (_nodes.TryGetValue(key[..dot], out var map) && map.Members is not null)
                return map.Members.FirstOrDefault(m => m.Key == key[(dot + 1)..]).Value ?? map;
        }

        return null;
    }

    /// <summary>The node of <c>[0].auth.method</c> in a list of sections, or the deepest one on the way to it.</summary>
    static ConfigNode InList(ConfigNode list, string path)
    {
        var node = list;
        foreach (var part in path.Split(['.', '['], StringSplitOptions.RemoveEmptyEntries))
        {
            var next = part[^1] == ']'
                ? int.TryParse(part.AsSpan(0, part.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? node.Items?.ElementAtOrDefault(index) : null
                : node.Members?.FirstOrDefault(m => m.Key == part).Value;
            if (next is null)
                break;
            node = next;
        }

        return node;
    }

    /// <summary>Overrides what weaker layers said.</summary>
    public void Set(KnownKey key, ConfigNode node)
    {
        if (!key.IsBuilt)
            _unbuilt[key.Name] = key;
        else if (!node.IsNull)
            _nodes[key.Name] = _nodes.TryGetValue(key.Name, out var weaker) ? Merge(key, weaker, node) : node;
    }

    /// <summary>Says what stronger layers left open.</summary>
    public void SetWeaker(KnownKey key, ConfigNode node)
    {
        if (key.IsBuilt)
            _nodes[key.Name] = _nodes.TryGetValue(key.Name, out var stronger) ? Merge(key, node, stronger) : node;
    }

    static ConfigNode Merge(KnownKey key, ConfigNode weaker, ConfigNode stronger)
    {
        if (key.Shape != KeyShape.Map || weaker.Members is null || stronger.Members is null)
            return stronger;

        var members = new List<KeyValuePair<string, ConfigNode>>(stronger.Members);
        var names = stronger.Members.Select(m => m.Key).ToHashSet(key.MemberComparer);
        members.AddRange(weaker.Members.Where(m => !names.Contains(m.Key)));
        return ConfigNode.Map(members, stronger.Source);
    }
}
