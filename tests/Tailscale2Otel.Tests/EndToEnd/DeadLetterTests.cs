using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Tailscale2Otel.Spool.DeadLetters;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.EndToEnd;

/// <summary>Dead letters of a running daemon, and the command beside it, as two processes.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class DeadLetterTests : IDisposable
{
    const int Seed = 20260727;

    readonly TemporaryFolder _folder = new();
    readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(60) };

    string Spool => _folder.File("spool");

    public void Dispose()
    {
        _client.Dispose();
        _folder.Dispose();
    }

    [Test]
    public async Task What_a_backend_refused_is_delivered_when_the_backend_is_mended()
    {
        await using var backend = await OtlpReceiver.StartAsync();
        backend.Decide = request => request.LogRecords.Any(r => r.Body.StringValue == "poison") ? OtlpAnswer.Status(400, "no such field") : OtlpAnswer.Ok;
        await using var daemon = await DaemonProcess.StartAsync(_folder.Path, backend.HttpEndpoint);
        Assert.That(await TryPostAsync(daemon.Hec, """{"event":"one"}{"event":"poison"}{"event":"three"}"""));
        await backend.WaitForMetricAsync("tailscale2otel.dead_letters", m => m.NumberPoints().Any(p => p.AsInt == 1), TimeSpan.FromSeconds(60));
        var uid = backend.Requests.Where(r => r.LogRecords.Count == 1).SelectMany(r => r.LogRecords).First(r => r.Body.StringValue == "poison").Attributes()["log.record.uid"];

        var letter = JsonDocument.Parse((await RunAsync(backend, 0, "list", "--json")).Output).RootElement;
        Assert.That(letter.GetProperty("reason").GetString(), Is.EqualTo("refused_by_backend"));
        Assert.That((letter.GetProperty("status").GetInt32(), letter.GetProperty("message").GetString()), Is.EqualTo((400, "no such field")));
        var id = letter.GetProperty("id").GetString()!;

        Assert.That((await RunAsync(backend, 1, "retry", id)).Output, Does.Contain($"{id}  refused again: 400 no such field"));
        Assert.That((await RunAsync(backend, 0, "list", "--json")).Output, Does.Contain(id), "what is refused again stays");

        backend.Decide = _ => OtlpAnswer.Ok;
        backend.Clear();
        Assert.That((await RunAsync(backend, 0, "retry", "--all")).Output, Does.Contain("1 records are with").And.Contain("1 dead letters dropped"));
        var record = (await backend.WaitForRecordsAsync(1))[0].Attributes();
        Assert.That(record["log.record.uid"], Is.EqualTo(uid));
        Assert.That(record["tailscale2otel.replayed"], Is.EqualTo(true));
        Assert.That((await RunAsync(backend, 0, "list")).Error, Does.StartWith("0 dead letters"));
        Assert.That(Words(), Is.Empty);

        // The daemon goes on in the file that the command has taken away.
        backend.Decide = request => request.LogRecords.Count > 0 ? OtlpAnswer.Status(400, "again") : OtlpAnswer.Ok;
        Assert.That(await TryPostAsync(daemon.Hec, """{"event":"poison again"}"""));
        await backend.WaitForMetricAsync("tailscale2otel.dead_letters", m => m.NumberPoints().Any(p => p.AsInt == 2), TimeSpan.FromSeconds(60));
        Assert.That(Words(), Is.EqualTo(new[] { "\"poison again\"" }));
        Assert.That(await daemon.StopAsync(), Is.Zero);
    }

    /// <summary>
    /// Lines of the raw endpoint are never touched, plain events are sent again, malformed flow records are dropped, all of them
    /// written by the daemon while the commands run. What stays is more than half of the files' limit, so that they rotate, and all
    /// together is less than the limit, so that they do so only once: a second rotation would rightly take the older ones.
    /// </summary>
    [Test]
    public async Task Nothing_gets_lost_while_letters_come_and_commands_and_daemons_are_killed()
    {
        const int Requests = 1200;
        const int Pad = 1700;
        var random = new Random(Seed);
        await using var backend = await OtlpReceiver.StartAsync();
        Dictionary<string, string> settings = new()
        {
            ["STREAMING__UNRECOGNIZED"] = "dead_letter",
            ["DEAD_LETTERS__MAX_BYTES"] = "4000000",
            ["SPOOL__SYNC"] = "never",
        };
        var daemon = await DaemonProcess.StartAsync(_folder.Path, backend.HttpEndpoint, settings);
        try
        {
            var target = daemon.Hec;
            var sent = 0;
            var pad = new string('x', Pad);
            var sending = Task.Run(async () =>
            {
                using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
                for (; sent < Requests && await pace.WaitForNextTickAsync(); sent++)
                {
                    var (raw, events) = ($"keep {sent} {pad}\n", $$$"""{"event":"retry {{{sent}}}"}{"event":{"nodeId":"drop {{{sent}}}","virtualTraffic":5}}""");
                    while (!await TryPostAsync(new Uri(target, "/services/collector/raw?channel=0"), raw) || !await TryPostAsync(target, events))
                        await pace.WaitForNextTickAsync();
                }
            });

            // On a machine of any speed the kills fall into the whole of a run.
            var clock = Stopwatch.StartNew();
            await RunAsync(backend, 0, "drop", "--signal", "flow", "--yes");
            var usual = (int)clock.ElapsedMilliseconds;
            var (rounds, kills) = (0, 0);
            for (; !sending.IsCompleted || rounds < 20; rounds++)
            {
                var isDrop = random.Next(2) == 0;
                string[] arguments = isDrop ? ["drop", "--signal", "flow", "--yes"] : ["retry", "--signal", "stream_event"];
                using var command = Start(backend, arguments);
                if (await command.KillAfterAsync(TimeSpan.FromMilliseconds(random.Next(usual / 3, usual * 3))))
                    kills++;
                else
                    Assert.That((await command.ExitAsync()).Code, Is.Zero, (await command.ExitAsync()).Error);
                if (rounds is 6 or 13)
                {
                    await daemon.KillAsync();
                    await daemon.DisposeAsync();
                    daemon = await DaemonProcess.StartAsync(_folder.Path, backend.HttpEndpoint, settings);
                    target = daemon.Hec;
                }
            }

            await sending;
            TestContext.Out.WriteLine($"seed {Seed}: {rounds} commands, {kills} of them killed, two daemons killed, {sent} letters of each kind");
            await UntilAsync(() => Missing("keep", Words(), sent));
            await UntilAsync(() => Missing("retry", [.. Words(), .. backend.LogRecords.Select(r => r.Body.StringValue)], sent));
            Assert.That(File.Exists(Path.Combine(Spool, DeadLetters.OlderFileName)), "there was a rotation");

            Assert.That((await RunAsync(backend, 0, "retry", "--signal", "stream_event")).Output, Does.Contain("0 stay in the file"));
            await RunAsync(backend, 0, "drop", "--signal", "flow", "--yes");
            Assert.That(Missing("keep", Words(), sent), Is.Empty);
            Assert.That(Missing("retry", [.. backend.LogRecords.Select(r => r.Body.StringValue)], sent), Is.Empty);
            Assert.That(Words(), Has.All.StartsWith("keep"));
            Assert.That(Directory.GetFiles(Spool, "*.new"), Is.Empty);
            Assert.That(daemon.Output, Does.Not.Contain("cannot be written"));
            Assert.That(await daemon.StopAsync(), Is.Zero);
        }
        finally
        {
            await daemon.DisposeAsync();
        }
    }

    /// <summary>Numbers from 0 that stand behind the kind in no text.</summary>
    static IReadOnlyCollection<int> Missing(string kind, IReadOnlyList<string> texts, int count)
    {
        var missing = Enumerable.Range(0, count).ToHashSet();
        foreach (var text in texts)
        {
            var parts = text.Trim('"').Split(' ');
            if (parts[0] == kind)
                missing.Remove(int.Parse(parts[1]));
        }

        return missing;
    }

    /// <summary>Looks again until nothing is missing: the daemon is another process and does not say when it is done.</summary>
    static async Task UntilAsync(Func<IReadOnlyCollection<int>> missing)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        IReadOnlyCollection<int> left = [];
        try
        {
            while ((left = missing()).Count > 0)
                await pace.WaitForNextTickAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"{left.Count} letters are lost: {string.Join(' ', left.Take(20))}");
        }
    }

    CommandProcess Start(OtlpReceiver backend, IEnumerable<string> arguments) =>
        CommandProcess.Start(["dead-letters", .. arguments], ("SPOOL__DIRECTORY", Spool), ("OTLP__ENDPOINT", backend.HttpEndpoint.ToString()));

    async Task<(string Output, string Error)> RunAsync(OtlpReceiver backend, int code, params string[] arguments)
    {
        using var command = Start(backend, arguments);
        var result = await command.ExitAsync();
        Assert.That(result.Code, Is.EqualTo(code), $"{result.Output}\n{result.Error}");
        return (result.Output, result.Error);
    }

    List<string> Words()
    {
        List<string> words = [];
        using var snapshot = DeadLetterSnapshot.Open(Spool);
        using var walk = new DeadLetterWalk(snapshot);
        using var reader = new DeadLetterReader();
        while (walk.TryNext())
        {
            Assert.That(reader.Read(walk.Scanner, walk.Head, out var record), Is.Empty);
            words.Add(Encoding.UTF8.GetString(record.Payload));
        }

        Assert.That(walk.ForeignLines, Is.Zero, "every line is whole");
        return words;
    }

    async Task<bool> TryPostAsync(Uri url, string body)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(body) };
            request.Headers.Authorization = new AuthenticationHeaderValue("Splunk", DaemonProcess.Token);
            using var response = await _client.SendAsync(request);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }
}
