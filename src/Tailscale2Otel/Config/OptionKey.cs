using System.Reflection;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Config;

/// <summary>One key that an options class reads.</summary>
/// <param name="Name">Full key, for example <c>streaming.max_body_bytes</c>.</param>
/// <param name="Default">Value of the property in a new instance.</param>
sealed record OptionKey(string Name, PropertyInfo Property, OptionKind Kind, object? Default)
{
    /// <summary>The property's type without <c>?</c>.</summary>
    public Type Type { get; } = Nullable.GetUnderlyingType(Property.PropertyType) ?? Property.PropertyType;

    /// <summary>Null is a value of its own: inherited, or not set.</summary>
    public bool IsNullable { get; } =
        Nullable.GetUnderlyingType(Property.PropertyType) is not null
        || new NullabilityInfoContext().Create(Property).WriteState == NullabilityState.Nullable;

    public bool IsSecret => Kind is OptionKind.Secret or OptionKind.SecretList or OptionKind.SecretMap;

    public bool IsMap => Kind is OptionKind.TextMap or OptionKind.SecretMap;

    public bool IsList => Kind is OptionKind.TextList or OptionKind.SecretList;

    /// <summary>Sub-keys of HTTP headers are header names: without case, and with dashes where a variable has underscores.</summary>
    public bool IsHeaders => IsMap && (Name == "headers" || Name.EndsWith(".headers", StringComparison.Ordinal));

    /// <summary>The sibling key that names a file with the secret; null where there is none.</summary>
    public string? FileName => Kind is OptionKind.Secret or OptionKind.SecretList ? Name + "_file" : null;

    /// <summary>How a <see cref="OptionKind.SectionList"/> is made; null for other kinds.</summary>
    public SectionListAttribute? Items => Property.GetCustomAttribute<SectionListAttribute>();

    public bool IsPath => Property.IsDefined(typeof(FilePathAttribute));
}
