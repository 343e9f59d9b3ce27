namespace Tailscale2Otel.Config;

/// <summary>What a key's value looks like, whatever text or node it comes from.</summary>
enum OptionKind
{
    Text,
    Path,
    Flag,
    Integer,
    Number,
    Bytes,
    Duration,
    Choice,
    Secret,
    TextList,
    SecretList,
    TextMap,
    SecretMap,

    /// <summary>A list of sections: only a file can say it.</summary>
    SectionList,
}
