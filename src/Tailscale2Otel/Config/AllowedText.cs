using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Config;

/// <summary>Says in words what a key takes, for errors and for the documentation.</summary>
static class AllowedText
{
    static readonly string[] Endless = [$"{int.MaxValue}", $"{long.MaxValue}", ValueText.OfText(double.MaxValue), ValueText.OfText(double.PositiveInfinity)];

    public static string Of(OptionKey key)
    {
        var limits = Limits(key);
        return limits.Length > 0 && key.Kind is not (OptionKind.Choice or OptionKind.Flag or OptionKind.Text) ? $"{Kind(key)}, {limits}"
            : limits.Length > 0 ? limits
            : Kind(key);
    }

    /// <summary>Empty where the kind alone says it.</summary>
    public static string Limits(OptionKey key)
    {
        var texts = key.Property.GetCustomAttributes<ValidationAttribute>().Select(a => Of(key, a)).Where(t => t.Length > 0);
        return string.Join(", ", key.Kind == OptionKind.Choice && !key.Property.IsDefined(typeof(AllowedValuesAttribute)) ? [Choices(key.Type), .. texts] : texts);
    }

    public static string TypeName(OptionKey key) => key.Kind switch
    {
        OptionKind.Text => "text",
        OptionKind.Path => "path",
        OptionKind.Flag => "boolean",
        OptionKind.Integer => "integer",
        OptionKind.Number => "number",
        OptionKind.Bytes => "bytes",
        OptionKind.Duration => "duration",
        OptionKind.Choice => "choice",
        OptionKind.Secret => "secret",
        OptionKind.TextList => "list",
        OptionKind.SecretList => "list of secrets",
        OptionKind.TextMap => "map",
        OptionKind.SecretMap => "map of secrets",
        _ => "list of objects",
    };

    public static string Of(OptionKey key, ValidationAttribute rule) => rule switch
    {
        RangeAttribute range => Range(key, range),
        WithinAttribute limits => $"{Bound(key, limits.Minimum)} to {Bound(key, limits.Maximum)}",
        AllowedValuesAttribute allowed => string.Join(", ", allowed.Values.Select(v => ValueText.OfText(v is null or "" ? "\"\"" : v))),
        DeniedValuesAttribute denied => "not " + string.Join(", ", denied.Values.Select(ValueText.OfText)),
        AtMostAttribute { Length: var n } => $"at most {n} {Units(key)}",
        StringLengthAttribute text => $"{text.MinimumLength} to {text.MaximumLength} characters",
        RequiredAttribute => "not empty",
        _ => rule.FormatErrorMessage(key.Name),
    };

    static string Units(OptionKey key) => key.IsList || key.IsMap || key.Kind == OptionKind.SectionList ? "entries" : "characters";

    static string Range(OptionKey key, RangeAttribute range)
    {
        var minimum = Bound(key, range.Minimum);
        var maximum = Bound(key, range.Maximum);
        var open = (range.MinimumIsExclusive, range.MaximumIsExclusive);
        return Endless.Contains(ValueText.OfText(range.Maximum))
            ? $"{(open.MinimumIsExclusive ? "more than" : "at least")} {minimum}"
            : $"{(open.MinimumIsExclusive ? "more than " : "")}{minimum} to {(open.MaximumIsExclusive ? "below " : "")}{maximum}";
    }

    static string Bound(OptionKey key, object bound) =>
        key.Kind == OptionKind.Bytes && long.TryParse(ValueText.OfText(bound), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var bytes)
            ? ByteSize.Format(bytes)
            : ValueText.OfText(bound);

    static string Kind(OptionKey key) => key.Kind switch
    {
        OptionKind.Flag => "true or false",
        OptionKind.Integer => "a whole number",
        OptionKind.Number => "a number",
        OptionKind.Bytes => "bytes as a whole number, or a size such as 64MiB",
        OptionKind.Duration => GoDuration.Examples,
        OptionKind.Choice => Choices(key.Type),
        OptionKind.Path => "a path",
        OptionKind.TextList => "a list",
        OptionKind.SecretList => "one value or a list",
        OptionKind.TextMap or OptionKind.SecretMap => "a map of names to values",
        OptionKind.SectionList => "a list of objects",
        _ => "text",
    };

    static string Choices(Type type) => string.Join(", ", Enum.GetNames(type).Select(OptionsSchema.SnakeCase));
}
