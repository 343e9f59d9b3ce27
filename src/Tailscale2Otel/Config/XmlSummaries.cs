using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Tailscale2Otel.Config;

/// <summary>The summaries of the XML documentation that the compiler writes beside the assembly, as Markdown.</summary>
sealed partial class XmlSummaries(XDocument document)
{
    readonly Dictionary<string, XElement> _members = document.Descendants("member")
        .Where(m => m.Attribute("name") is not null && m.Element("summary") is not null)
        .DistinctBy(m => m.Attribute("name")!.Value)
        .ToDictionary(m => m.Attribute("name")!.Value, m => m.Element("summary")!, StringComparer.Ordinal);

    /// <summary>Null where the documentation file is not beside the program, as in a trimmed publish.</summary>
    public static XmlSummaries? BesideProgram()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "tailscale2otel.xml");
        return File.Exists(path) ? new XmlSummaries(XDocument.Load(path)) : null;
    }

    public string Of(PropertyInfo property) => Text($"P:{Name(property.DeclaringType!)}.{property.Name}");

    public string Of(Type type) => Text($"T:{Name(type)}");

    static string Name(Type type) => type.FullName!.Replace('+', '.');

    string Text(string member) => _members.TryGetValue(member, out var summary) ? Spaces().Replace(Markdown(summary), " ").Trim() : "";

    static string Markdown(XElement element)
    {
        var text = new StringBuilder();
        foreach (var node in element.Nodes())
        {
            text.Append(node switch
            {
                XText plain => plain.Value,
                XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
                XElement { Name.LocalName: "see" } see => $"`{Reference(see)}`",
                XElement other => Markdown(other),
                _ => "",
            });
        }

        return text.ToString();
    }

    // A property is known to the reader by its key.
    static string Reference(XElement see)
    {
        var target = see.Attribute("cref")?.Value ?? see.Attribute("langword")?.Value ?? see.Value;
        var name = target[(target.LastIndexOf('.') + 1)..];
        return target.StartsWith("P:", StringComparison.Ordinal) ? OptionsSchema.SnakeCase(name) : name;
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
