using System.Reflection;
using System.Text;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Config;

/// <summary>All options classes and their keys.</summary>
sealed class OptionsSchema
{
    /// <param name="classes">In any order.</param>
    /// <param name="rules">What holds between several options classes, in the order in which it is told.</param>
    public OptionsSchema(IEnumerable<OptionsClass> classes, IReadOnlyList<IOptionsRule> rules)
    {
        Classes = [.. classes.OrderBy(c => c.Section.Path, StringComparer.Ordinal).ThenBy(c => c.Section.Type.FullName, StringComparer.Ordinal)];
        Sections = [.. Classes.Select(c => c.Section)];
        foreach (var key in Sections.SelectMany(s => s.AllKeys))
            Keys.TryAdd(key.Name, key);
        Rules = rules;
    }

    public IReadOnlyList<OptionsClass> Classes { get; }

    public IReadOnlyList<OptionsSection> Sections { get; }

    public SortedDictionary<string, OptionKey> Keys { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<IOptionsRule> Rules { get; }

    /// <summary>The keys of a section below a path.</summary>
    /// <param name="defaults">A new instance.</param>
    public static OptionsSection Describe(IConfigSection defaults, string path) => Describe(defaults, path, null);

    /// <summary><c>MaxBodyBytes</c> is <c>max_body_bytes</c>.</summary>
    public static string SnakeCase(string name)
    {
        var text = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            var startsWord = char.IsUpper(name[i]) && i > 0
                && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
            if (startsWord)
                text.Append('_');
            text.Append(char.ToLowerInvariant(name[i]));
        }

        return text.ToString();
    }

    public static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    static OptionsSection Describe(IConfigSection defaults, string path, PropertyInfo? owner)
    {
        var type = defaults.GetType();
        var keys = new List<OptionKey>();
        var sections = new List<OptionsSection>();
        // Members of a base class first: what several sections share reads the same in each. A native program has no tokens, and its
        // properties in the order of the source.
        foreach (var property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(p => p is { CanRead: true, CanWrite: true } && p.GetIndexParameters().Length == 0)
            .OrderBy(p => p.DeclaringType == type ? 1 : 0)
            .ThenBy(p => p.HasMetadataToken() ? p.MetadataToken : 0))
        {
            var key = Join(path, SnakeCase(property.Name));
            if (KindOf(property, key) is { } kind)
                keys.Add(new OptionKey(key, property, kind, property.GetValue(defaults)));
            else
                sections.Add(Describe((IConfigSection)property.GetValue(defaults)!, key, property));
        }

        return new OptionsSection(path, type, owner, keys, sections);
    }

    static OptionKind? KindOf(PropertyInfo property, string key)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (type == typeof(string))
            return property.IsDefined(typeof(FilePathAttribute)) ? OptionKind.Path : OptionKind.Text;
        if (type == typeof(Secret))
            return OptionKind.Secret;
        if (type == typeof(bool))
            return OptionKind.Flag;
        if (type == typeof(int) || type == typeof(long))
            return key.EndsWith("bytes", StringComparison.Ordinal) ? OptionKind.Bytes : OptionKind.Integer;
        if (type == typeof(double))
            return OptionKind.Number;
        if (type == typeof(TimeSpan))
            return OptionKind.Duration;
        if (type.IsEnum)
            return OptionKind.Choice;
        if (type.IsGenericType)
            return GenericKind(type, property);
        return type.IsAssignableTo(typeof(IConfigSection)) ? null : throw Unsupported(property);
    }

    static OptionKind GenericKind(Type type, PropertyInfo property)
    {
        var definition = type.GetGenericTypeDefinition();
        var arguments = type.GetGenericArguments();
        if (definition == typeof(IReadOnlyList<>))
            return arguments[0] == typeof(string) ? OptionKind.TextList : arguments[0] == typeof(Secret) ? OptionKind.SecretList
                : property.IsDefined(typeof(SectionListAttribute)) ? OptionKind.SectionList : throw Unsupported(property);
        if (definition == typeof(IReadOnlyDictionary<,>) && arguments[0] == typeof(string))
            return arguments[1] == typeof(string) ? OptionKind.TextMap : arguments[1] == typeof(Secret) ? OptionKind.SecretMap : throw Unsupported(property);
        throw Unsupported(property);
    }

    static NotSupportedException Unsupported(PropertyInfo property) =>
        new($"{property.DeclaringType?.Name}.{property.Name}: options of type {property.PropertyType} cannot be bound");
}
