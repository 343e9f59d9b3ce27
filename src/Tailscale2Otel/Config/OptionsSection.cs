using System.Reflection;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Config;

/// <summary>An options class, or a class nested in one, with the keys of its properties.</summary>
/// <param name="Path">Empty for the root; inside a <see cref="OptionKind.SectionList"/> relative to the item.</param>
/// <param name="Property">The property of the owner that holds it; null for an options class itself.</param>
sealed record OptionsSection(
    string Path,
    Type Type,
    PropertyInfo? Property,
    IReadOnlyList<OptionKey> Keys,
    IReadOnlyList<OptionsSection> Sections)
{
    /// <summary>The section in an instance of its owner, which makes it itself.</summary>
    public IConfigSection Of(IConfigSection owner) => (IConfigSection)Property!.GetValue(owner)!;

    public IEnumerable<OptionKey> AllKeys => Keys.Concat(Sections.SelectMany(s => s.AllKeys));
}
