using System.Reflection;
using System.Text;
using Microsoft.Extensions.Options;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Config;

/// <summary>All options classes and their keys: what has a <see cref="ConfigSectionAttribute"/> among the types of <see cref="OptionTypesAttribute"/>.</summary>
sealed class OptionsSchema
{
    readonly Dictionary<Type, IReadOnlyList<object>> _validators;

    /// <param name="types">Options classes, validators and rules; others are passed over.</param>
    public OptionsSchema(IReadOnlyCollection<Type> types)
    {
        Sections =
        [
            .. types
                .Where(t => t.IsDefined(typeof(ConfigSectionAttribute), inherit: false))
                .Select(t => Describe(t, t.GetCustomAttribute<ConfigSectionAttribute>(inherit: false)!.Path, null))
                .OrderBy(s => s.Path, StringComparer.Ordinal)
                .ThenBy(s => s.Type.FullName, StringComparer.Ordinal),
        ];
        foreach (var key in Sections.SelectMany(s => s.AllKeys))
            Keys.TryAdd(key.Name, key);
        _validators = Sections.ToDictionary(s => s.Type, s => FindValidators(s.Type, types));
        Rules =
        [
            .. types.Where(t => t is { IsAbstract: false } && typeof(IOptionsRule).IsAssignableFrom(t))
                .OrderBy(t => t.FullName, StringComparer.Ordinal)
                .Select(t => (IOptionsRule)Activator.CreateInstance(t, nonPublic: true)!),
        ];
    }

    /// <summary>The options classes of the daemon.</summary>
    public static OptionsSchema Daemon { get; } = new(typeof(OptionsSchema).Assembly.GetCustomAttribute<OptionTypesAttribute>()!.Types);

    public IReadOnlyList<OptionsSection> Sections { get; }

    public SortedDictionary<string, OptionKey> Keys { get; } = new(StringComparer.Ordinal);

    /// <summary>What holds between several options classes.</summary>
    public IReadOnlyList<IOptionsRule> Rules { get; }

    /// <summary>The validators of an options class.</summary>
    public IReadOnlyList<object> ValidatorsOf(Type options) => _validators[options];

    /// <summary>The keys of a class below a path.</summary>
    public static OptionsSection Describe(Type type, string path, PropertyInfo? owner) =>
        Describe(type, path, owner, Activator.CreateInstance(type, nonPublic: true)!);

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

    static IReadOnlyList<object> FindValidators(Type options, IEnumerable<Type> types)
    {
        var contract = typeof(IValidateOptions<>).MakeGenericType(options);
        return
        [
            .. types
                .Where(t => t is { IsAbstract: false, ContainsGenericParameters: false } && contract.IsAssignableFrom(t))
                .OrderBy(t => t.FullName, StringComparer.Ordinal)
                .Select(t => Activator.CreateInstance(t, nonPublic: true)!),
        ];
    }

    static OptionsSection Describe(Type type, string path, PropertyInfo? owner, object defaults)
    {
        var keys = new List<OptionKey>();
        var sections = new List<OptionsSection>();
        // Members of a base class first: what several sections share reads the same in each.
        foreach (var property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(p => p is { CanRead: true, CanWrite: true } && p.GetIndexParameters().Length == 0)
            .OrderBy(p => p.DeclaringType == type ? 1 : 0)
            .ThenBy(p => p.MetadataToken))
        {
            var key = Join(path, SnakeCase(property.Name));
            if (KindOf(property, key) is { } kind)
                keys.Add(new OptionKey(key, property, kind, property.GetValue(defaults)));
            else
                sections.Add(Describe(property.PropertyType, key, property, property.GetValue(defaults) ?? Activator.CreateInstance(property.PropertyType, nonPublic: true)!));
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
        return type is { IsClass: true, IsArray: false } ? null : throw Unsupported(property);
    }

    static OptionKind GenericKind(Type type, PropertyInfo property)
    {
        var definition = type.GetGenericTypeDefinition();
        var arguments = type.GetGenericArguments();
        if (definition == typeof(IReadOnlyList<>))
            return arguments[0] == typeof(string) ? OptionKind.TextList : arguments[0] == typeof(Secret) ? OptionKind.SecretList : OptionKind.SectionList;
        if (definition == typeof(IReadOnlyDictionary<,>) && arguments[0] == typeof(string))
            return arguments[1] == typeof(string) ? OptionKind.TextMap : arguments[1] == typeof(Secret) ? OptionKind.SecretMap : throw Unsupported(property);
        throw Unsupported(property);
    }

    static NotSupportedException Unsupported(PropertyInfo property) =>
        new($"{property.DeclaringType?.Name}.{property.Name}: options of type {property.PropertyType} cannot be bound");
}
