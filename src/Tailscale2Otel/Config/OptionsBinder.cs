using System.Collections;

namespace Tailscale2Otel.Config;

/// <summary>Fills options classes from the collected values. What cannot be read is reported and keeps its default.</summary>
sealed class OptionsBinder(ConfigValues values, ConfigReport report)
{
    readonly ValueReader _reader = new(report);

    public object Bind(OptionsSection section)
    {
        var instance = Activator.CreateInstance(section.Type, nonPublic: true)!;
        Fill(section, instance);
        return instance;
    }

    void Fill(OptionsSection section, object instance)
    {
        foreach (var key in section.Keys)
        {
            if (values.Find(key.Name) is not { } node)
                continue;

            if (key.Kind == OptionKind.SectionList)
                key.Property.SetValue(instance, BindList(key, node));
            else if (_reader.TryRead(key, node, out var value))
                key.Property.SetValue(instance, value);
        }

        foreach (var part in section.Sections)
        {
            var owner = part.Property!;
            var value = owner.GetValue(instance) ?? Activator.CreateInstance(part.Type, nonPublic: true)!;
            Fill(part, value);
            owner.SetValue(instance, value);
        }

        new OptionRules(values, report).CheckAttributes(section, instance);
    }

    /// <summary>Each object of the list is a little configuration of its own, with keys such as <c>streaming.routes[0].path</c>.</summary>
    IList BindList(OptionKey key, ConfigNode node)
    {
        var type = key.Property.PropertyType.GetGenericArguments()[0];
        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(type))!;
        if (node.Items is null)
            report.Error(key.Name, node.Source, node.Text, $"must be a list of objects and not {node.Shape}");

        foreach (var (index, item) in (node.Items ?? []).Index())
        {
            var path = $"{key.Name}[{index}]";
            if (item.Members is not null)
                list.Add(BindItem(OptionsSchema.Describe(type, path, null), item, key.Name));
            else
                report.Error(path, item.Source, null, $"must be an object with keys of its own and not {item.Shape}");
        }

        return list;
    }

    object BindItem(OptionsSection section, ConfigNode item, string list)
    {
        var itemValues = new ConfigValues();
        var reference = ReferenceKeys.OfItems(list).ToDictionary(k => k.Name.Replace($"{list}[]", section.Path, StringComparison.Ordinal));
        new FileLayer(new KnownKeys(section.AllKeys, reference.Select(k => k.Value with { Name = k.Key })), itemValues, report).Read(item, section.Path);
        foreach (var key in itemValues.Unbuilt)
            values.AddUnbuilt(reference[key.Name]);
        new SecretFiles(itemValues, report).Read(section.AllKeys);
        return new OptionsBinder(itemValues, report).Bind(section);
    }
}
