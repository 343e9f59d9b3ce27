using Tailscale2Otel.Model;

namespace Tailscale2Otel.Config;

/// <summary>Fills options classes from the collected values. What cannot be read is reported and keeps its default.</summary>
sealed class OptionsBinder(ConfigValues values, ConfigReport report)
{
    readonly ValueReader _reader = new(report);

    /// <returns>The instance.</returns>
    public IConfigSection Bind(OptionsSection section, IConfigSection instance)
    {
        Fill(section, instance);
        return instance;
    }

    void Fill(OptionsSection section, IConfigSection instance)
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
            Fill(part, part.Of(instance));

        new OptionRules(values, report).CheckAttributes(section, instance);
    }

    /// <summary>Each object of the list is a little configuration of its own, with keys such as <c>streaming.routes[0].path</c>.</summary>
    object BindList(OptionKey key, ConfigNode node)
    {
        var list = new List<IConfigSection>();
        if (node.Items is null)
            report.Error(key.Name, node.Source, node.Text, $"must be a list of objects and not {node.Shape}");

        foreach (var (index, item) in (node.Items ?? []).Index())
        {
            var path = $"{key.Name}[{index}]";
            if (item.Members is not null)
                list.Add(BindItem(key, path, item));
            else
                report.Error(path, item.Source, null, $"must be an object with keys of its own and not {item.Shape}");
        }

        return key.Items!.ListOf(list);
    }

    IConfigSection BindItem(OptionKey list, string path, ConfigNode item)
    {
        var instance = list.Items!.NewItem();
        var section = OptionsSchema.Describe(instance, path);
        var itemValues = new ConfigValues();
        var reference = ReferenceKeys.OfItems(list.Name).ToDictionary(k => k.Name.Replace($"{list.Name}[]", section.Path, StringComparison.Ordinal));
        new FileLayer(new KnownKeys(section.AllKeys, reference.Select(k => k.Value with { Name = k.Key })), itemValues, report).Read(item, section.Path);
        foreach (var key in itemValues.Unbuilt)
            values.AddUnbuilt(reference[key.Name]);
        new SecretFiles(itemValues, report).Read(section.AllKeys);
        return new OptionsBinder(itemValues, report).Bind(section, instance);
    }
}
