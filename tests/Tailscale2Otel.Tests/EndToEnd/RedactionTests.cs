using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Google.Protobuf;
using Tailscale2Otel.Redaction;
using Tailscale2Otel.Spool.DeadLetters;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.EndToEnd;

/// <summary>The recorded payloads through a real daemon with every category off: nobody of them is seen at the backend.</summary>
public sealed class RedactionTests
{
    static readonly string[] Personal =
    [
        "ada@", "Ada Example", "ada-laptop", "web-1", "unverified:db-1", "db-1.", "office-router", "tail-example", "example.com", "nWEB1aaCNTRL", "nDB01bbCNTRL", "nLAP1ccCNTRL", "nRTR1ddCNTRL",
        "uADA1aaCNTRL", "kBOT1bbCNTRL", "100.64.", "fd7a:115c:a1e0", "192.0.2.", "198.51.100.", "203.0.113.", "2001:db8", "127.3.3.40", "log streaming upload failed",
        "acls", "secret words",
    ];

    /// <summary>Named in the fixtures, but neither a person nor a machine: the ID of an API key may be matched with the audit log.</summary>
    static readonly string[] Impersonal = ["kBOT1bbCNTRL"];

    /// <summary>Never sent: flow records give the host's name without its domain, and no ID of the other end.</summary>
    static readonly string[] OnlyReceived = ["db-1.", "nDB01bbCNTRL"];

    [TestCase(true)]
    [TestCase(false)]
    public async Task Nobody_is_seen_when_every_category_is_off(bool isOff)
    {
        using var folder = new TemporaryFolder();
        await using var backend = await OtlpReceiver.StartAsync();
        Dictionary<string, string> settings = new()
        {
            ["TAILSCALE__TAILNET"] = "tail-example.ts.net",
            ["CARDINALITY__FLOW__METRICS_MODE"] = "both",
            ["CARDINALITY__FLOW__IDENTITY_DIMS"] = "true",
            ["CARDINALITY__FLOW__COLLAPSE_EXTERNAL"] = "false",
            ["OTLP__METRIC_INTERVAL"] = "1s",
        };
        foreach (var (_, name, _) in new PiiFilterOptions().Switches())
            settings[$"PII_FILTER__{name.ToUpperInvariant()}"] = isOff ? "false" : "true";
        backend.Decide = request => request.LogRecords.Any(r => r.SeverityText == "WARN") ? OtlpAnswer.Status(400, "no such field") : OtlpAnswer.Ok;

        await using (var daemon = await DaemonProcess.StartAsync(folder.Path, backend.HttpEndpoint, settings))
        {
            using var client = new HttpClient();
            foreach (var file in (string[])["flow-hec-concatenated.json", "audit-hec.json"])
                await PostAsync(client, daemon.Hec, await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "Fixtures", file)));
            await PostAsync(client, daemon.Hec, """{"host":"web-1","event":"secret words of ada@example.com"}{"event":{"nodeId":"nWEB1aaCNTRL","virtualTraffic":5}}"""u8.ToArray());
            await backend.WaitForRecordsAsync(26);
            await backend.WaitForMetricAsync("tailscale2otel.dead_letters", m => m.NumberPoints().Sum(p => p.AsInt) == 2);
            await backend.WaitForMetricAsync("tailscale.exit_node.io");
            Assert.That(await daemon.StopAsync(), Is.Zero, daemon.Output);
            Assert.That(Seen(daemon.Output, Personal), Is.Empty, "the daemon's own log");
        }

        var sent = string.Join('\n', backend.Requests.Select(r => (IMessage?)r.Logs ?? r.Metrics).Select(m => m!.ToString()));
        var raw = string.Join('\n', backend.Requests.Select(r => (IMessage?)r.Logs ?? r.Metrics).Select(m => Encoding.UTF8.GetString(m!.ToByteArray())));
        var letters = await File.ReadAllTextAsync(Directory.GetFiles(folder.Path, DeadLetters.FileName, SearchOption.AllDirectories).Single());
        if (isOff)
        {
            Assert.That(Seen(sent + raw + letters, [.. Personal.Except(Impersonal)]), Is.Empty);
            // As a word and in texts: a machine may be called by two letters that also are in an ID or a number.
            Assert.That(sent + letters, Does.Not.Match($@"(?i)\b{Regex.Escape(Environment.MachineName)}\b"));
            Assert.That(sent, Does.Contain("tailscale.tx.bytes"), "the rest is there");
        }
        else
        {
            Assert.That(Personal.Except(Seen(sent + letters, Personal)).Except(OnlyReceived), Is.Empty, "what is looked for is there");
        }
    }

    static List<string> Seen(string text, string[] values) => [.. values.Where(v => CultureInfo.InvariantCulture.CompareInfo.IndexOf(text, v, CompareOptions.OrdinalIgnoreCase) >= 0)];

    static async Task PostAsync(HttpClient client, Uri hec, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, hec) { Content = new ByteArrayContent(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"user:{DaemonProcess.Token}")));
        using var response = await client.SendAsync(request);
        Assert.That((int)response.StatusCode, Is.EqualTo(200), await response.Content.ReadAsStringAsync());
    }
}
