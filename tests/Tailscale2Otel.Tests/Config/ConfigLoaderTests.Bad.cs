using Tailscale2Otel.Config;

namespace Tailscale2Otel.Tests.Config;

/// <summary>Every rule has one file that breaks it and the message that an operator gets.</summary>
public sealed partial class ConfigLoaderTests
{
    [TestCase("syntax", "bad.yaml:1: not valid YAML: While scanning a quoted scalar, found unexpected end of stream (up to line 2)")]
    [TestCase("tab", "bad.yaml:1: not valid YAML: While scanning a mapping, found invalid tab as indentation")]
    [TestCase("duplicate_key", "bad.yaml:4: the key name is here a second time, after line 2")]
    [TestCase("second_document", "bad.yaml:2: not valid YAML: one document was expected, and a second one begins here")]
    [TestCase("undefined_alias", "bad.yaml:2: not valid YAML: nothing before this line has the name that the * refers to; put a text that begins with * into quotes")]
    [TestCase("key_is_a_list", "bad.yaml:2: not valid YAML: a key must be a plain name")]
    [TestCase("root_is_a_list", "bad.yaml:1: the file must be a map of sections, not a list")]
    [TestCase("unknown_key", "bad.yaml:2: sample.naem: unknown key; did you mean sample.name?")]
    [TestCase("unknown_key_far_from_any", "bad.yaml:2: sample.frobnication: unknown key")]
    [TestCase("unknown_section", "bad.yaml:1: smaple: unknown key; did you mean sample?")]
    [TestCase("unknown_key_of_the_reference", "bad.yaml:3: enrichment.geoip.enabeld: unknown key; did you mean enrichment.geoip.enabled?")]
    [TestCase("removed_key", "bad.yaml:3: cardinality.flow.destination_service: the key was removed: ")]
    [TestCase("dotted_key", "bad.yaml:1: sample.name: unknown key; sections are nested, not joined with dots")]
    [TestCase("section_is_a_value", "bad.yaml:1: sample: a section with keys of its own, and not a single value")]
    [TestCase("value_is_a_map", "bad.yaml:2: sample.name: must be a single value and not a map; allowed: text")]
    [TestCase("flag", "bad.yaml:2: sample.enabled = \"maybe\": allowed: true or false")]
    [TestCase("integer", "bad.yaml:2: sample.count = \"many\": allowed: a whole number, 1 to 64")]
    [TestCase("integer_out_of_range", "bad.yaml:2: sample.count = \"65\": allowed: a whole number, 1 to 64")]
    [TestCase("integer_too_large_for_its_type", "bad.yaml:2: sample.count = \"4294967298\": allowed: a whole number, 1 to 64")]
    [TestCase("long_out_of_range_of_int", "bad.yaml:2: sample.total = \"9000000000\": allowed: a whole number, at least 0")]
    [TestCase("path", "bad.yaml:2: sample.directory = \"a b\": allowed: a path")]
    [TestCase("number", "bad.yaml:2: sample.ratio = \"NaN\": allowed: a number")]
    [TestCase("bytes", "bad.yaml:2: sample.max_body_bytes = \"64 megs\": allowed: bytes as a whole number, or a size such as 64MiB, 0 to 1GiB")]
    [TestCase("bytes_out_of_range", "bad.yaml:2: sample.max_body_bytes = \"1610612736\": allowed: bytes as a whole number, or a size such as 64MiB, 0 to 1GiB")]
    [TestCase("duration", "bad.yaml:2: sample.interval = \"60\": allowed: a duration such as 500ms, 60s, 5m or 1h30m, 1s to 1h")]
    [TestCase("duration_out_of_range", "bad.yaml:2: sample.interval = \"2h\": allowed: a duration such as 500ms, 60s, 5m or 1h30m, 1s to 1h")]
    [TestCase("choice", "bad.yaml:2: sample.color = \"DarkBlue\": allowed: red, dark_blue")]
    [TestCase("allowed_value", "bad.yaml:2: sample.pace = \"medium\": allowed: \"\", fast, slow")]
    [TestCase("nullable_out_of_range", "bad.yaml:3: sample.part.depth = \"10\": allowed: a whole number, 1 to 9")]
    [TestCase("list_is_a_value", "bad.yaml:2: sample.tags = \"a,b\": must be a list and not a single value")]
    [TestCase("list_too_long", "bad.yaml:2: sample.tags: allowed: a list, at most 3 entries")]
    [TestCase("list_entry_is_empty", "bad.yaml:4: sample.tags: an entry of the list is empty")]
    [TestCase("list_entry_is_a_map", "bad.yaml:3: sample.tags: an entry of the list must be a single value and not a map")]
    [TestCase("map_is_a_list", "bad.yaml:2: sample.labels: must be a map of names to values and not a list")]
    [TestCase("map_entry_is_empty", "bad.yaml:3: sample.labels: the entry team is empty; write \"\" for an empty text")]
    [TestCase("header_twice", "bad.yaml:4: sample.headers: the header x-org is here twice; header names have no case")]
    [TestCase("sections_is_a_map", "bad.yaml:2: sample.routes: must be a list of objects and not a map")]
    [TestCase("section_of_a_list_is_a_value", "bad.yaml:3: sample.routes[0]: must be an object with keys of its own and not a single value")]
    [TestCase("key_of_a_listed_section", "bad.yaml:5: sample.routes[1].tokne: unknown key; did you mean sample.routes[1].token?")]
    [TestCase("rule_of_a_listed_section", "default: sample.routes[0].path = \"\": allowed: not empty")]
    [TestCase("secret_is_a_map", "bad.yaml:2: sample.token: must be a single value and not a map; allowed: text")]
    [TestCase("secret_and_file", "bad.yaml:3: sample.token_file = \"secret.txt\": sample.token is set too (bad.yaml:2): set only one, not both")]
    [TestCase("secret_file_missing", "bad.yaml:2: sample.token_file = \"gone.txt\": cannot be read: ")]
    [TestCase("validator", "default: sample.total = \"0\": must be set when sample.enabled is true")]
    [TestCase("validator_of_a_map_entry", "bad.yaml:4: sample.headers.x-bad: is not allowed")]
    [TestCase("log_level", "bad.yaml:1: log_level = \"verbose\": allowed: debug, info, warn, error")]
    [TestCase("log_format", "bad.yaml:1: log_format = \"xml\": allowed: text, json")]
    [TestCase("tailnet", "bad.yaml:2: tailscale.tailnet = \"\": allowed: not empty, at most 256 characters")]
    [TestCase("admin_listen", "bad.yaml:2: admin.listen = \"9091\": not an address and port; allowed: 127.0.0.1:9091, [::1]:9091, localhost:9091 or :9091")]
    [TestCase("admin_tls", "default: admin.tls.key_file = \"\": set both cert_file and key_file, or neither")]
    [TestCase("delivery", "bad.yaml:2: delivery.max_batch_delay = \"2m\": allowed: a duration such as 500ms, 60s, 5m or 1h30m, 0s to 1m")]
    [TestCase("attribute_namespaces", "bad.yaml:3: collectors.devices.attribute_namespaces: names such as intune, without a colon, or * alone for all")]
    [TestCase("version_check_url", "bad.yaml:3: version_checks.devices.url = \"pkgs.tailscale.com\": must be an address such as https://pkgs.tailscale.com/stable/?mode=json, without a user")]
    public void A_broken_rule_is_one_error_with_its_place(string file, string expected)
    {
        var errors = ErrorsOf(file);

        Assert.That(errors, Has.Count.EqualTo(1), string.Join('\n', errors));
        Assert.That(errors[0], expected[^1] == ' ' ? Does.StartWith(expected) : Is.EqualTo(expected));
        Assert.That(errors[0], Does.Not.Contain("hunter2"));
    }

    [Test]
    public void Every_bad_file_is_in_the_table()
    {
        var files = Directory.GetFiles(Path.GetDirectoryName(BadFile("x"))!).Select(Path.GetFileNameWithoutExtension);
        var table = new[] { nameof(A_broken_rule_is_one_error_with_its_place), nameof(A_broken_rule_of_a_room_is_one_error_with_its_place), nameof(A_broken_rule_of_several_tailnets_is_one_error_with_its_place) }
            .SelectMany(name => typeof(ConfigLoaderTests).GetMethod(name)!.GetCustomAttributes(typeof(TestCaseAttribute), false))
            .Select(c => (string?)((TestCaseAttribute)c).Arguments[0]);

        Assert.That(files, Is.EquivalentTo(table.Append("routes_and_auto_configure")));
    }

    static List<string> ErrorsOf(string file)
    {
        var path = BadFile(file);
        var config = new ConfigLoader(SampleConfig.Schema).Load(path, new Dictionary<string, string>());
        return [.. config.Errors.Select(e => e.ToString().Replace(path, "bad.yaml", StringComparison.Ordinal))];
    }

    static string BadFile(string name) => Path.Combine(TestContext.CurrentContext.TestDirectory, "Config", "Bad", name + ".yaml");
}
