using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using OpenTelemetry.Proto.Logs.V1;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.EndToEnd;

/// <summary>Recorded payloads over a real socket, and what arrives at a real backend.</summary>
public sealed class FixtureTests
{
    static readonly string[] Flow = ["flow-hec-concatenated.json", "flow-hec-ndjson.json", "flow-api-response.json", "s3-flow.ndjson"];
    static readonly string[] Audit = ["audit-hec.json", "audit-api-response.json", "s3-audit.ndjson"];

    [TestCase("flow-hec-concatenated.json", 16, "flow-log-records.txt")]
    [TestCase("audit-hec.json", 10, "audit-log-records.txt")]
    public async Task Log_records_carry_every_attribute(string fixture, int count, string expected)
    {
        var records = await DeliverAsync(Fixture(fixture), count);

        var text = string.Join("\n\n", records.Select(Describe));
        TestContext.Out.WriteLine(text);
        Assert.That(text, Is.EqualTo(Encoding.UTF8.GetString(Fixture(expected)).TrimEnd()));
    }

    [Test]
    public async Task Flow_records_are_the_same_log_records_in_every_form()
    {
        var expected = await DeliverAsync(Fixture(Flow[0]), 16);
        Assert.That(expected, Has.Count.EqualTo(16));

        foreach (var file in Flow.Skip(1))
            Assert.That(await DeliverAsync(Fixture(file), 16), Is.EquivalentTo(expected), file);
        foreach (var (form, body) in Forms(Fixture(Flow[0])))
            Assert.That(await DeliverAsync(body, 16), Is.EquivalentTo(expected), form);
    }

    [Test]
    public async Task Audit_records_are_the_same_log_records_in_every_form()
    {
        var expected = await DeliverAsync(Fixture(Audit[0]), 10);

        foreach (var (form, body) in Forms(Fixture(Audit[0])))
            Assert.That(await DeliverAsync(body, 10), Is.EquivalentTo(expected), form);
        foreach (var file in Audit.Skip(1))
        {
            var records = await DeliverAsync(Fixture(file), 10);
            Assert.That(records.Select(r => r.Attributes()["log.record.uid"]), Is.EquivalentTo(expected.Select(r => r.Attributes()["log.record.uid"])), file);
        }
    }

    [Test]
    public async Task A_record_that_comes_in_every_form_arrives_once()
    {
        var records = await DeliverAsync([.. Flow.Concat(Audit).SelectMany(Fixture)], 26, extra: """{"event":"last"}""");

        Assert.That(records, Has.Count.EqualTo(27));
    }

    static string Describe(LogRecord record)
    {
        var lines = new List<string>
        {
            $"{record.EventName} {record.SeverityText} {(int)record.SeverityNumber} time={record.TimeUnixNano} observed={record.ObservedTimeUnixNano}",
            $"  body: {record.Body.StringValue}",
        };
        lines.AddRange(record.Attributes.Select(a => $"  {a.Key} ({a.Value.ValueCase}) = {OtlpValues.Plain(a.Value)}"));
        return string.Join('\n', lines);
    }

    static byte[] Fixture(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Fixtures", name));

    /// <summary>The objects of a concatenated body, as an array, as bare records where that keeps their time, and wrapped in logs.</summary>
    static IEnumerable<(string Form, byte[] Body)> Forms(byte[] concatenated)
    {
        var objects = Split(concatenated);
        yield return ("array", Encoding.UTF8.GetBytes("[" + string.Join(",", objects) + "]"));
        yield return ("logs", Encoding.UTF8.GetBytes("{\"logs\":[" + string.Join(",", objects) + "]}"));
        yield return ("lines", Encoding.UTF8.GetBytes(string.Join("\r\n", objects)));
    }

    static List<string> Split(byte[] concatenated)
    {
        var objects = new List<string>();
        var at = 0;
        while (at < concatenated.Length)
        {
            var reader = new Utf8JsonReader(concatenated.AsSpan(at), new JsonReaderOptions { AllowMultipleValues = true });
            reader.Read();
            reader.Skip();
            objects.Add(Encoding.UTF8.GetString(concatenated.AsSpan(at, (int)reader.BytesConsumed)));
            at += (int)reader.BytesConsumed;
        }

        return objects;
    }

    static async Task<IReadOnlyList<LogRecord>> DeliverAsync(byte[] body, int count, string extra = "")
    {
        using var folder = new TemporaryFolder();
        await using var backend = await OtlpReceiver.StartAsync();
        await using var daemon = await DaemonProcess.StartAsync(folder.Path, backend.HttpEndpoint);
        using var client = new HttpClient();
        await PostAsync(client, daemon, body);
        if (extra.Length > 0)
            await PostAsync(client, daemon, Encoding.UTF8.GetBytes(extra));
        await backend.WaitForRecordsAsync(count + (extra.Length > 0 ? 1 : 0));
        Assert.That(await daemon.StopAsync(), Is.Zero, daemon.Output);
        return backend.LogRecords;
    }

    static async Task PostAsync(HttpClient client, DaemonProcess daemon, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, daemon.Hec) { Content = new ByteArrayContent(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"user:{DaemonProcess.Token}")));
        using var response = await client.SendAsync(request);
        Assert.That((int)response.StatusCode, Is.EqualTo(200), await response.Content.ReadAsStringAsync());
    }
}
