namespace Tailscale2Otel.Model;

/// <summary>How a list of sections is made; put on a property as <see cref="SectionsAttribute{T}"/>.</summary>
[AttributeUsage(AttributeTargets.Property)]
abstract class SectionListAttribute : Attribute
{
    public abstract IConfigSection NewItem();

    /// <summary>Items of the property's own type, as it takes them.</summary>
    public abstract object ListOf(IEnumerable<IConfigSection> items);
}
