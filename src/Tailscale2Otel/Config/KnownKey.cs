namespace Tailscale2Otel.Config;

/// <summary>A key that may be written.</summary>
/// <param name="Option">What reads it; null for a key that is not built yet and for the <c>_file</c> sibling of a secret.</param>
/// <param name="SecretOption">For a <c>_file</c> key: the secret whose file it names.</param>
/// <param name="NoEffect">Why the key never has an effect; null for a key that has one, or will.</param>
sealed record KnownKey(string Name, KeyShape Shape, OptionKey? Option = null, OptionKey? SecretOption = null, string? NoEffect = null)
{
    public bool IsBuilt => Option is not null || SecretOption is not null;

    /// <summary>A key of each item of a list of sections, and none of the root.</summary>
    public bool IsOfItems => Name.Contains("[]", StringComparison.Ordinal);

    /// <summary>Only a file can say it whole.</summary>
    public bool IsFileOnly => Shape is KeyShape.Map or KeyShape.Sections;

    /// <summary>Sub-keys of a map are compared so.</summary>
    public StringComparer MemberComparer => Option is { IsHeaders: true } ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    public static IEnumerable<KnownKey> Of(OptionKey option)
    {
        var shape = option switch
        {
            { IsList: true } => KeyShape.List,
            { IsMap: true } => KeyShape.Map,
            { Kind: OptionKind.SectionList } => KeyShape.Sections,
            _ => KeyShape.Value,
        };
        yield return new KnownKey(option.Name, shape, option);
        if (option.FileName is { } file)
            yield return new KnownKey(file, KeyShape.Value, SecretOption: option);
    }
}
