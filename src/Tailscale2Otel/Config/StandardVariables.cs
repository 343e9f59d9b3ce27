using System.Globalization;

namespace Tailscale2Otel.Config;

/// <summary>
/// The variables of the OpenTelemetry specification, as the layer just above the defaults. An empty one is unset, as the
/// specification wants it. They are read last and fill gaps.
/// https://opentelemetry.io/docs/specs/otel/protocol/exporter/
/// </summary>
sealed class StandardVariables(KnownKeys known, ConfigValues values, ConfigReport report)
{
    const string Exporter = "OTEL_EXPORTER_OTLP_";

    static readonly (string Variable, string Key)[] ExporterSettings =
    [
        ("PROTOCOL", "protocol"),
        ("ENDPOINT", "endpoint"),
        ("HEADERS", "headers"),
        ("COMPRESSION", "compression"),
        ("TIMEOUT", "timeout"),
        ("CERTIFICATE", "tls.ca_file"),
        ("CLIENT_CERTIFICATE", "tls.cert_file"),
        ("CLIENT_KEY", "tls.key_file"),
        ("INSECURE", "tls.insecure"),
    ];

    /// <summary>What the daemon says itself; a platform that injects these for every program must not stop it.</summary>
    static readonly string[] OwnAttributes = ["service.version", "tailscale.tailnet", "tailscale2otel.provider"];

    /// <summary>Attributes that have a key of their own; <c>OTEL_SERVICE_NAME</c> is stronger than <c>service.name</c> here.</summary>
    static readonly Dictionary<string, string> AttributeKeys = new(StringComparer.Ordinal)
    {
        ["service.name"] = "resource.service_name",
        ["service.namespace"] = "resource.service_namespace",
        ["service.instance.id"] = "self_observability.instance_id",
        ["deployment.environment.name"] = "resource.deployment_environment",
        ["deployment.environment"] = "resource.deployment_environment",
    };

    static readonly (string Section, string Infix)[] Signals = [("otlp", ""), ("otlp.logs", "LOGS_"), ("otlp.metrics", "METRICS_")];

    /// <summary>All variables with the keys they fill.</summary>
    public static IEnumerable<(string Variable, string Key)> Documented =>
    [
        .. Signals.SelectMany(s => ExporterSettings.Select(e => (Exporter + s.Infix + e.Variable, $"{s.Section}.{e.Key}"))),
        (Exporter + "METRICS_TEMPORALITY_PREFERENCE", "otlp.temporality"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "otlp.metric_interval"),
        ("OTEL_SERVICE_NAME", "resource.service_name"),
        ("OTEL_RESOURCE_ATTRIBUTES", "resource.attributes"),
    ];

    public void Read(IReadOnlyDictionary<string, string> environment)
    {
        foreach (var (section, infix) in Signals)
        {
            foreach (var (variable, key) in ExporterSettings)
                ReadExporter(environment, Exporter + infix + variable, section, key);
        }

        Read(environment, "OTEL_SERVICE_NAME", (text, source) => Fill("resource.service_name", text, source));
        Read(environment, "OTEL_RESOURCE_ATTRIBUTES", ReadAttributes);
        Read(environment, Exporter + "METRICS_TEMPORALITY_PREFERENCE", (text, source) => Fill("otlp.temporality", TemporalityOf(text.ToLowerInvariant()), source));
        Read(environment, "OTEL_METRIC_EXPORT_INTERVAL", (text, source) => FillMilliseconds("otlp.metric_interval", text, source));
    }

    static void Read(IReadOnlyDictionary<string, string> environment, string variable, Action<string, ConfigSource> use)
    {
        if (environment.TryGetValue(variable, out var text) && text.Trim() is { Length: > 0 } trimmed)
            use(trimmed, new ConfigSource(ConfigLayer.Standard, variable));
    }

    void ReadExporter(IReadOnlyDictionary<string, string> environment, string variable, string section, string key)
    {
        // What a stronger layer says for both signals is also stronger than a variable for one of them.
        if (section != "otlp" && values.Find($"otlp.{key}") is { Source.Layer: > ConfigLayer.Standard })
            return;

        Read(environment, variable, (text, source) => FillExporter($"{section}.{key}", key, text, source));
    }

    void FillExporter(string name, string key, string text, ConfigSource source)
    {
        switch (key)
        {
            case "protocol":
                FillProtocol(name, text, source);
                break;
            case "headers":
                FillMap(name, Pairs(name, text, source), source);
                break;
            case "timeout":
                FillMilliseconds(name, text, source);
                break;
            default:
                Fill(name, text, source);
                break;
        }
    }

    void Fill(string name, string text, ConfigSource source)
    {
        if (known.Find(name) is { } key)
            values.SetWeaker(key, ConfigNode.Scalar(text, source));
    }

    void FillMap(string name, IEnumerable<KeyValuePair<string, string>> pairs, ConfigSource source)
    {
        if (known.Find(name) is { } key)
            values.SetWeaker(key, ConfigNode.Map([.. pairs.Select(p => KeyValuePair.Create(p.Key, ConfigNode.Scalar(p.Value, source)))], source));
    }

    /// <summary>The third of the specification is delta for what this daemon has: counters and histograms.</summary>
    static string TemporalityOf(string preference) => preference == "lowmemory" ? "delta" : preference;

    void FillProtocol(string name, string text, ConfigSource source)
    {
        var protocol = text switch { "http/protobuf" => "http", "grpc" => "grpc", _ => null };
        if (protocol is not null)
            Fill(name, protocol, source);
        else
            report.Error(name, source, text, "allowed: http/protobuf, grpc");
    }

    void FillMilliseconds(string name, string text, ConfigSource source)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds < int.MaxValue)
            Fill(name, $"{milliseconds}ms", source);
        else
            report.Error(name, source, text, "allowed: milliseconds as a whole number");
    }

    void ReadAttributes(string text, ConfigSource source)
    {
        var attributes = new List<KeyValuePair<string, string>>();
        foreach (var (name, value) in Pairs("resource.attributes", text, source))
        {
            if (OwnAttributes.Contains(name))
                report.Warn("resource.attributes", source, $"{name} is ignored: the daemon says it itself");
            else if (AttributeKeys.TryGetValue(name, out var key) && known.Find(key) is { IsBuilt: true })
                Fill(key, value, source);
            else
                attributes.Add(new(name, value));
        }

        if (attributes.Count > 0)
            FillMap("resource.attributes", attributes, source);
    }

    /// <summary><c>a=1,b=two%20words</c>; the later of two equal names counts. Values may be secrets and are not repeated.</summary>
    Dictionary<string, string> Pairs(string name, string text, ConfigSource source)
    {
        var pairs = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var item in VariableLayer.Split(text))
        {
            var equals = item.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
                pairs[Uri.UnescapeDataString(item[..equals].TrimEnd())] = Uri.UnescapeDataString(item[(equals + 1)..].TrimStart());
            else
                report.Error(name, source, null, "allowed: name=value pairs with commas between them, values percent-encoded");
        }

        return pairs;
    }
}
