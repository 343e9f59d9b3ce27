#:property PublishAot=false
#:property ManagePackageVersionsCentrally=false
#:property EnforceCodeStyleInBuild=false

// Writes a CycloneDX 1.6 bill of materials of what `dotnet restore` resolved and the program has in it:
//   dotnet run deploy/sbom.cs -- VERSION RID PROJECT.ASSETS.JSON OUTPUT
// The same input gives the same bytes, so that two builds can be compared.

using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;

var (version, rid, assetsPath, output) = (args[0], args[1], args[2], args[3]);
using var assets = JsonDocument.Parse(File.ReadAllBytes(assetsPath));
var root = assets.RootElement;
var folders = root.GetProperty("packageFolders").EnumerateObject().Select(f => f.Name).ToArray();
var framework = root.GetProperty("project").GetProperty("frameworks").EnumerateObject().First();
if (!root.GetProperty("targets").TryGetProperty($"{framework.Name}/{rid}", out var target)
    && !root.GetProperty("targets").EnumerateObject().Any(t => t.Name.EndsWith("/" + rid, StringComparison.Ordinal) && (target = t.Value).ValueKind == JsonValueKind.Object))
{
    Console.Error.WriteLine($"{assetsPath} was not restored for {rid}");
    return 1;
}

var packages = new SortedDictionary<string, Package>(StringComparer.Ordinal);
foreach (var library in target.EnumerateObject().Where(l => l.Value.GetProperty("type").GetString() == "package"))
{
    // Analyzers and the like have no assembly that runs.
    if (!library.Value.TryGetProperty("runtime", out _) && !library.Value.TryGetProperty("native", out _))
        continue;
    var parts = library.Name.Split('/');
    Add(parts[0], parts[1], library.Value.TryGetProperty("dependencies", out var needs) ? [.. needs.EnumerateObject().Select(d => d.Name)] : []);
}

// Native code is linked from a runtime of its own, in place of the one that is restored beside it; what compiled it is not in it.
const string Runtime = "Microsoft.NETCore.App.Runtime.", NativeRuntime = Runtime + "NativeAOT.";
var packs = framework.Value.TryGetProperty("downloadDependencies", out var downloads)
    ? downloads.EnumerateArray().ToDictionary(d => d.GetProperty("name").GetString()!, d => d.GetProperty("version").GetString()!.Trim('[', ']').Split(',')[0], StringComparer.OrdinalIgnoreCase)
    : [];
var native = packs.ContainsKey(NativeRuntime + rid);
foreach (var (name, number) in packs)
{
    if (name.EndsWith(".Runtime." + rid, StringComparison.OrdinalIgnoreCase) ? !native || name != Runtime + rid : name == NativeRuntime + rid)
        Add(name, number, []);
}

var self = $"pkg:generic/tailscale2otel@{version}";
using (var stream = File.Create(output))
using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
    Write(json);
Console.WriteLine($"   {packages.Count} components in {Path.GetFileName(output)}, {(native ? "native code" : "ReadyToRun")}");
return 0;

void Add(string name, string number, string[] needs)
{
    var folder = folders.Select(f => Path.Combine(f, name.ToLowerInvariant(), number)).FirstOrDefault(Directory.Exists);
    var specification = folder is null ? null : XDocument.Load(Directory.GetFiles(folder, "*.nuspec").Single()).Root?.Elements().First();
    string? Said(string element) => specification?.Elements().FirstOrDefault(e => e.Name.LocalName == element)?.Value;
    var license = specification?.Elements().FirstOrDefault(e => e.Name.LocalName == "license" && (string?)e.Attribute("type") == "expression")?.Value;
    var hash = folder is null ? null : Directory.GetFiles(folder, "*.nupkg.sha512").Select(File.ReadAllText).FirstOrDefault();
    packages[name] = new Package(name, number, Said("authors"), license, Said("licenseUrl"), hash is null ? null : Convert.ToHexStringLower(Convert.FromBase64String(hash.Trim())), needs);
}

void Write(Utf8JsonWriter json)
{
    json.WriteStartObject();
    json.WriteString("$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json");
    json.WriteString("bomFormat", "CycloneDX");
    json.WriteString("specVersion", "1.6");
    json.WriteString("serialNumber", $"urn:uuid:{new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{self} {rid} {string.Join(' ', packages.Values.Select(p => p.Reference))}")).AsSpan(0, 16))}");
    json.WriteNumber("version", 1);
    json.WriteStartObject("metadata");
    json.WriteStartObject("component");
    json.WriteString("type", "application");
    json.WriteString("bom-ref", self);
    json.WriteString("name", "tailscale2otel");
    json.WriteString("version", version);
    json.WriteString("purl", self);
    WriteLicense(json, "Apache-2.0", null);
    json.WriteEndObject();
    json.WriteStartArray("properties");
    WriteProperty(json, "dotnet:runtime-identifier", rid);
    WriteProperty(json, "dotnet:compilation", native ? "native" : "ready-to-run");
    json.WriteEndArray();
    json.WriteEndObject();

    json.WriteStartArray("components");
    foreach (var package in packages.Values)
        WriteComponent(json, package);
    json.WriteEndArray();

    json.WriteStartArray("dependencies");
    var needed = packages.Values.SelectMany(p => p.Needs).ToHashSet(StringComparer.OrdinalIgnoreCase);
    WriteDependencies(json, self, packages.Values.Where(p => !needed.Contains(p.Name)).Select(p => p.Reference));
    foreach (var package in packages.Values)
        WriteDependencies(json, package.Reference, package.Needs.Where(packages.ContainsKey).Select(n => packages[n].Reference));
    json.WriteEndArray();
    json.WriteEndObject();
}

static void WriteProperty(Utf8JsonWriter json, string name, string value)
{
    json.WriteStartObject();
    json.WriteString("name", name);
    json.WriteString("value", value);
    json.WriteEndObject();
}

static void WriteComponent(Utf8JsonWriter json, Package package)
{
    json.WriteStartObject();
    json.WriteString("type", "library");
    json.WriteString("bom-ref", package.Reference);
    if (package.Authors is not null)
    {
        json.WriteStartArray("authors");
        json.WriteStartObject();
        json.WriteString("name", package.Authors);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    json.WriteString("name", package.Name);
    json.WriteString("version", package.Version);
    json.WriteString("scope", "required");
    if (package.Sha512 is not null)
    {
        json.WriteStartArray("hashes");
        json.WriteStartObject();
        json.WriteString("alg", "SHA-512");
        json.WriteString("content", package.Sha512);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    WriteLicense(json, package.License, package.LicenseUrl);
    json.WriteString("purl", package.Reference);
    json.WriteEndObject();
}

static void WriteLicense(Utf8JsonWriter json, string? expression, string? url)
{
    if (expression is null && url is null)
        return;

    json.WriteStartArray("licenses");
    json.WriteStartObject();
    if (expression is not null)
    {
        json.WriteString("expression", expression);
    }
    else
    {
        json.WriteStartObject("license");
        json.WriteString("name", "see the address");
        json.WriteString("url", url);
        json.WriteEndObject();
    }

    json.WriteEndObject();
    json.WriteEndArray();
}

static void WriteDependencies(Utf8JsonWriter json, string reference, IEnumerable<string> needs)
{
    json.WriteStartObject();
    json.WriteString("ref", reference);
    json.WriteStartArray("dependsOn");
    foreach (var need in needs)
        json.WriteStringValue(need);
    json.WriteEndArray();
    json.WriteEndObject();
}

sealed record Package(string Name, string Version, string? Authors, string? License, string? LicenseUrl, string? Sha512, string[] Needs)
{
    public string Reference => $"pkg:nuget/{Name}@{Version}";
}
