namespace Tailscale2Otel.Redaction;

/// <param name="Categories">A value goes when any of them is off; which they are may depend on the value, see <paramref name="Kind"/>.</param>
readonly record struct AttributeRule(AttributeKind Kind, PiiCategories Categories = PiiCategories.None)
{
    /// <summary>What nobody has thought through: other senders' attributes and members.</summary>
    public static readonly AttributeRule Unregistered = new(AttributeKind.Text, PiiCategories.FreeTextDetails);

    public static readonly AttributeRule Safe = new(AttributeKind.Safe);
}
