namespace Tailscale2Otel.Model;

/// <summary>Says of a property that it is a list of objects with keys of their own. A native program can make only what is named somewhere.</summary>
sealed class SectionsAttribute<T> : SectionListAttribute
    where T : class, IConfigSection, new()
{
    public override IConfigSection NewItem() => new T();

    public override object ListOf(IEnumerable<IConfigSection> items) => items.Cast<T>().ToList();
}
