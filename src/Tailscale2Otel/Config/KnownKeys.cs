namespace Tailscale2Otel.Config;

/// <summary>Every key that may be written, and the nearest one to what was written instead.</summary>
sealed class KnownKeys
{
    readonly Dictionary<string, KnownKey> _keys = new(StringComparer.Ordinal);
    readonly HashSet<string> _sections = new(StringComparer.Ordinal);

    /// <param name="options">What the options classes read; stronger than the reference.</param>
    public KnownKeys(IEnumerable<OptionKey> options, IEnumerable<KnownKey> reference)
    {
        foreach (var key in options.SelectMany(KnownKey.Of).Concat(reference))
        {
            if (!_keys.TryAdd(key.Name, key))
                continue;

            for (var dot = key.Name.LastIndexOf('.'); dot > 0; dot = key.Name.LastIndexOf('.', dot - 1))
                _sections.Add(key.Name[..dot]);
        }
    }

    public IEnumerable<KnownKey> All => _keys.Values;

    public KnownKey? Find(string name) => _keys.GetValueOrDefault(name);

    /// <summary>A section is what has keys below it and is none itself.</summary>
    public bool IsSection(string name) => _sections.Contains(name) && !_keys.ContainsKey(name);

    /// <summary>The map or list of sections that a name is below of.</summary>
    public KnownKey? FindOwner(string name)
    {
        for (var dot = name.LastIndexOf('.'); dot > 0; dot = name.LastIndexOf('.', dot - 1))
        {
            if (_keys.TryGetValue(name[..dot], out var owner) && owner.IsFileOnly)
                return owner;
        }

        return null;
    }

    /// <summary>A neighbour in the same section first, then anything.</summary>
    public string? Nearest(string name)
    {
        var dot = name.LastIndexOf('.');
        var parent = dot < 0 ? "" : name[..dot];
        var siblings = _keys.Keys.Concat(_sections)
            .Where(k => k.Length > parent.Length && k.LastIndexOf('.') == dot && k.StartsWith(parent, StringComparison.Ordinal))
            .ToDictionary(k => k[(dot + 1)..], k => k, StringComparer.Ordinal);
        return NearestName.Of(name[(dot + 1)..], siblings.Keys) is { } sibling
            ? siblings[sibling]
            : NearestName.Of(name, _keys.Keys.Concat(_sections));
    }
}
