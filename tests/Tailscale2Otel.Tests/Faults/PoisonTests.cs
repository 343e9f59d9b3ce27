using System.Text.Json;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Faults;

/// <summary>Records that the backend refuses, among a thousand that it would take.</summary>
public sealed class PoisonTests
{
    const int Records = 1000;
    const string Answer = "field tailscale.src.node is not wanted";

    [TestCase("http", 500)]
    [TestCase("http", 0)]
    [TestCase("http", 999)]
    [TestCase("http", 37, 38)]
    [TestCase("http", 250, 751)]
    [TestCase("grpc", 500)]
    [TestCase("grpc", 99, 100)]
    public async Task Is_a_dead_letter_and_its_neighbours_arrive_in_order(string protocol, params int[] poison)
    {
        Dictionary<string, string> settings = new() { ["OTLP__PROTOCOL"] = protocol, ["DELIVERY__MAX_IN_FLIGHT"] = "1" };
        await using var harness = await FaultHarness.StartAsync(settings, new FlowLoad { BatchRecords = Records });
        var letters = harness.Count("tailscale2otel.dead_letters");
        harness.Delivery.Refuse(poison);
        List<int> order = [];
        harness.Backend.Decide = request => FaultHarness.SequencesOf(request).Intersect(poison).Any() ? Refusal(protocol) : OtlpAnswer.Ok;
        harness.Kept = request => order.AddRange(FaultHarness.SequencesOf(request));
        await harness.StartDaemonAsync();

        await harness.Load.PostAsync(1);

        await harness.FinishAsync();
        Assert.That(order, Is.EqualTo(Enumerable.Range(0, Records).Except(poison)));
        Assert.That(letters.Total, Is.EqualTo(poison.Length));
        AssertDeadLetters(Path.Combine(harness.Folder, "spool", "dead-letters.ndjson"), protocol, poison);
    }

    static OtlpAnswer Refusal(string protocol) => protocol == "grpc" ? OtlpAnswer.Grpc(3, Answer) : OtlpAnswer.Status(400, Answer);

    static void AssertDeadLetters(string file, string protocol, int[] poison)
    {
        var letters = File.ReadAllLines(file).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.That(letters.Select(l => FlowLoad.SequenceOf(l.GetProperty("record").GetProperty("start").GetString()!)), Is.EquivalentTo(poison));
        foreach (var letter in letters)
        {
            Assert.That(letter.GetProperty("reason").GetString(), Is.EqualTo("refused_by_backend"));
            Assert.That(letter.GetProperty("status").GetInt32(), Is.EqualTo(protocol == "grpc" ? 3 : 400));
            Assert.That(letter.GetProperty("message").GetString(), Is.EqualTo(Answer));
            Assert.That(letter.GetProperty("signal").GetString(), Is.EqualTo("flow"));
            Assert.That(letter.GetProperty("source").GetString(), Is.EqualTo("stream"));
        }
    }
}
