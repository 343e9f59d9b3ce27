namespace Tailscale2Otel.Config;

/// <summary>A value as it was written, before anybody knows its type: a text, a list or a map, each with its place.</summary>
sealed class ConfigNode
{
    ConfigNode(ConfigSource source) => Source = source;

    public ConfigSource Source { get; }

    /// <summary>The text of a scalar; null for lists, maps and for a scalar that says nothing (<c>key:</c>, <c>~</c>).</summary>
    public string? Text { get; private init; }

    public IReadOnlyList<ConfigNode>? Items { get; private init; }

    public IReadOnlyList<KeyValuePair<string, ConfigNode>>? Members { get; private init; }

    /// <summary>Says nothing: what a weaker layer or the default says holds.</summary>
    public bool IsNull => Text is null && Items is null && Members is null;

    public string Shape => Members is not null ? "a map" : Items is not null ? "a list" : "a single value";

    public static ConfigNode Null(ConfigSource source) => new(source);

    public static ConfigNode Scalar(string text, ConfigSource source) => new(source) { Text = text };

    public static ConfigNode List(IReadOnlyList<ConfigNode> items, ConfigSource source) => new(source) { Items = items };

    public static ConfigNode Map(IReadOnlyList<KeyValuePair<string, ConfigNode>> members, ConfigSource source) => new(source) { Members = members };
}
