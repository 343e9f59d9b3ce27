using System.Net.Http.Headers;
using System.Text;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.EndToEnd;

/// <summary>Splunk's indexer acknowledgement over a process that is killed (K38).</summary>
public sealed class AcknowledgementTests
{
    const string Channel = "0F0E0D0C-0B0A-0908-0706-050403020100";

    static readonly Dictionary<string, string> WithAck = new() { ["STREAMING__ACK"] = "true" };

    [Test]
    public async Task Is_never_true_without_delivery_over_a_sigkill()
    {
        using var folder = new TemporaryFolder();
        await using var backend = await OtlpReceiver.StartAsync();
        backend.Decide = _ => OtlpAnswer.Status(503);
        await using (var first = await DaemonProcess.StartAsync(folder.Path, backend.HttpEndpoint, WithAck))
        {
            Assert.That(await PostAsync(first.Hec, """{"event":"kept"}"""), Does.Contain("\"ackId\":0"));
            await backend.WaitForRequestsAsync(1);
            Assert.That(await AskAsync(first), Is.EqualTo("""{"acks":{"0":false}}"""));
            await first.KillAsync();
        }

        await using var second = await DaemonProcess.StartAsync(folder.Path, backend.HttpEndpoint, WithAck);
        Assert.That(await AskAsync(second), Is.EqualTo("""{"acks":{"0":false}}"""));
        backend.Decide = _ => OtlpAnswer.Ok;
        var records = await backend.WaitForRecordsAsync(1);

        Assert.That(records.Single().Body.StringValue, Is.EqualTo("kept"));
    }

    static Task<string> AskAsync(DaemonProcess daemon) => PostAsync(new Uri(daemon.Hec, "/services/collector/ack"), """{"acks":[0]}""");

    static async Task<string> PostAsync(Uri target, string body)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, target) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Splunk", DaemonProcess.Token);
        request.Headers.Add("X-Splunk-Request-Channel", Channel);
        using var response = await client.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }
}
