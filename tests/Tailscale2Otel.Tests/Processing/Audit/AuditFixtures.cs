using System.Text;
using System.Text.Json;

namespace Tailscale2Otel.Tests.Processing.Audit;

/// <summary>The recorded audit events as each path brings them: payload and transport metadata.</summary>
static class AuditFixtures
{
    public static List<(byte[] Payload, byte[] Metadata)> Stream()
    {
        var records = new List<(byte[], byte[])>();
        var reader = new Utf8JsonReader(Read("audit-hec.json"), new JsonReaderOptions { AllowMultipleValues = true });
        while (reader.Read())
        {
            using var envelope = JsonDocument.ParseValue(ref reader);
            var metadata = envelope.RootElement.EnumerateObject().Where(m => m.Name != "event").Select(m => $"\"{m.Name}\":{m.Value.GetRawText()}");
            records.Add((Encoding.UTF8.GetBytes(envelope.RootElement.GetProperty("event").GetRawText()), Encoding.UTF8.GetBytes($"{{{string.Join(',', metadata)}}}")));
        }

        return records;
    }

    public static List<(byte[] Payload, byte[] Metadata)> Poll()
    {
        using var response = JsonDocument.Parse(Read("audit-api-response.json"));
        return [.. response.RootElement.GetProperty("logs").EnumerateArray().Select(r => (Encoding.UTF8.GetBytes(r.GetRawText()), Array.Empty<byte>()))];
    }

    public static List<(byte[] Payload, byte[] Metadata)> ObjectStore() =>
        [.. Encoding.UTF8.GetString(Read("s3-audit.ndjson")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => (Encoding.UTF8.GetBytes(l), Array.Empty<byte>()))];

    static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(TestContext.CurrentContext.TestDirectory, "Fixtures", name));
}
