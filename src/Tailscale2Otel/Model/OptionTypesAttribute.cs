namespace Tailscale2Otel.Model;

/// <summary>
/// Says on the assembly which options classes it has, and which validators and rules. Looking for them among all its types would
/// load every one of them, which takes a tenth of a second and 10 MB.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
sealed class OptionTypesAttribute(params Type[] types) : Attribute
{
    public IReadOnlyList<Type> Types { get; } = types;
}
