using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Json;
using Tailscale2Otel.Cli;
using Tailscale2Otel.Config;
using Tailscale2Otel.Hosting.Redelivery.Letters;
using Tailscale2Otel.Model;
using Tailscale2Otel.Redaction;
using Tailscale2Otel.Spool.DeadLetters;
using Tailscale2Otel.Tests.Redaction;
using Tailscale2Otel.Tests.Spool;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Hosting.Redelivery.Letters;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
sealed class DeadLetterCommandTests : IDisposable
{
    const string Flow = """{"nodeId":"nA","start":"2026-07-27T11:59:00Z","end":"2026-07-27T11:59:05Z","virtualTraffic":[{"proto":6,"src":"100.64.0.1:1","dst":"100.64.0.2:2","txPkts":1,"txBytes":1,"rxPkts":1,"rxBytes":SEQ}]}""";

    readonly TemporaryFolder _folder = new();
    readonly ManualTime _time = new();
    readonly Meter _meter = new("test");
    readonly DeadLetters _letters;
    readonly StringWriter _output = new() { NewLine = "\n" };
    readonly StringWriter _error = new() { NewLine = "\n" };
    long _position;

    public DeadLetterCommandTests() => _letters = new DeadLetters(new DeadLetterOptions { MaxBytes = 100_000_000 }, _folder.Path, _time, _meter, new CollectedLog());

    string[] Ids => [.. Heads.Select(h => h.Id.ToString())];

    IReadOnlyList<DeadLetterHead> Heads
    {
        get
        {
            using var snapshot = DeadLetterSnapshot.Open(_folder.Path);
            using var walk = new DeadLetterWalk(snapshot);
            List<DeadLetterHead> heads = [];
            while (walk.TryNext())
                heads.Add(walk.Head);
            return heads;
        }
    }

    public void Dispose()
    {
        _letters.Dispose();
        _meter.Dispose();
        _folder.Dispose();
    }

    [Test]
    public async Task List_has_one_line_for_each_letter()
    {
        Add("""{"a":1}""", "refused_by_backend", status: 400);
        Add("text", "malformed", RecordSignal.RawLine);
        Assert.That(await RunAsync(DeadLetterAction.List), Is.EqualTo(ExitCode.Ok));

        var lines = _output.ToString().Split('\n');
        Assert.That(lines[0], Does.StartWith("ID ").And.Contain("WRITTEN").And.Contain("REASON"));
        Assert.That(lines[1], Does.StartWith(Ids[0]).And.Contain("2026-07-27T12:00:01.000Z").And.Contain("stream_event").And.Contain("refused_by_backend").And.Contain("400"));
        Assert.That(lines[2], Does.StartWith(Ids[1]).And.Contain("raw_line").And.Contain("malformed"));
        Assert.That(_error.ToString(), Does.StartWith("2 dead letters in"));
    }

    [TestCase("a", "", "", 2)]
    [TestCase("a,b", "", "", 3)]
    [TestCase("", "raw_line", "", 1)]
    [TestCase("a", "raw_line", "", 1)]
    [TestCase("", "", "stream", 3)]
    [TestCase("", "", "poll", 0)]
    public async Task List_shows_what_the_filters_let_through(string reasons, string signals, string sources, int expected)
    {
        Add("1", "a");
        Add("2", "a", RecordSignal.RawLine);
        Add("3", "b");
        static string[] Split(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries);
        await RunAsync(DeadLetterAction.List, a => a with { Filter = new DeadLetterFilter { Reasons = Split(reasons), Signals = Split(signals), Sources = Split(sources) } });

        Assert.That(_error.ToString(), Does.StartWith($"{expected} dead letters"));
    }

    [Test]
    public async Task List_shows_a_stretch_of_time()
    {
        for (var i = 0; i < 4; i++)
            Add("1");
        await RunAsync(DeadLetterAction.List, a => a with { Filter = new DeadLetterFilter { From = Heads[1].Time, To = Heads[3].Time } });

        Assert.That(_output.ToString(), Does.Contain(Ids[1]).And.Contain(Ids[2]).And.Not.Contain(Ids[0]).And.Not.Contain(Ids[3]));
    }

    [Test]
    public async Task List_ends_at_its_limit()
    {
        for (var i = 0; i < 5; i++)
            Add("1");
        await RunAsync(DeadLetterAction.List, a => a with { Limit = 2 });

        Assert.That(_error.ToString(), Does.StartWith("2 dead letters"));
    }

    [Test]
    public async Task List_as_json_is_the_line_with_its_id()
    {
        Add("""{"a":"x"}""", "r", status: 400, message: "m");
        await RunAsync(DeadLetterAction.List, a => a with { Json = true });

        var line = JsonDocument.Parse(_output.ToString()).RootElement;
        Assert.That(line.GetProperty("id").GetString(), Is.EqualTo(Ids[0]));
        Assert.That(line.GetProperty("record").GetProperty("a").GetString(), Is.EqualTo("x"));
        Assert.That(_output.ToString().Trim(), Is.EqualTo($"{{\"id\":\"{Ids[0]}\"," + File.ReadAllText(Path.Combine(_folder.Path, DeadLetters.FileName)).Trim()[1..]));
    }

    [Test]
    public async Task A_long_line_is_printed_whole()
    {
        var text = string.Concat(Enumerable.Range(0, 60_000).Select(i => $"é{i}😀"));
        Add(text, signal: RecordSignal.RawLine);
        await RunAsync(DeadLetterAction.List, a => a with { Json = true });

        Assert.That(JsonDocument.Parse(_output.ToString()).RootElement.GetProperty("record_text").GetString(), Is.EqualTo(text));
    }

    [TestCase(DeadLetterAction.List, false)]
    [TestCase(DeadLetterAction.List, true)]
    [TestCase(DeadLetterAction.Show, false)]
    public async Task Nothing_of_a_letter_reaches_the_terminal_raw(object action, bool json)
    {
        const string Evil = "\u001b[2J\u009b31m\u007f\u202e\r";
        Add($$"""{"a":"{{Evil.Replace("\u001b", "").Replace("\r", "")}}"}""", "reason" + Evil, message: Evil, tailnet: "t" + Evil);
        await RunAsync((DeadLetterAction)action, a => a with { Json = json, Ids = json || (DeadLetterAction)action == DeadLetterAction.List ? [] : [Heads[0].Id] });

        Assert.That(_output.ToString().Where(c => char.IsControl(c) && c != '\n'), Is.Empty);
        Assert.That(_output.ToString(), Does.Not.Contain('\u202e').And.Contain(@"\u009b31m"));
    }

    [Test]
    public async Task Foreign_lines_are_passed_over_and_counted()
    {
        Add("1");
        File.AppendAllText(Path.Combine(_folder.Path, DeadLetters.FileName), "\u001b[2J nonsense\nmore\n{\"torn");
        await RunAsync(DeadLetterAction.List);

        Assert.That(_error.ToString(), Does.Contain("1 dead letters").And.Contain("2 lines are none"));
        Assert.That(_output.ToString(), Does.Not.Contain("nonsense"));
    }

    [Test]
    public async Task Show_says_everything_and_pretty_prints()
    {
        Add("""{"a":[1]}""", "refused_by_backend", status: 400, message: "no thanks");
        Assert.That(await RunAsync(DeadLetterAction.Show, a => a with { Ids = [Heads[0].Id] }), Is.EqualTo(ExitCode.Ok));

        Assert.That(_output.ToString(), Does.Contain($"id        {Ids[0]}\n").And.Contain("message   no thanks\n").And.Contain("status    400\n"));
        Assert.That(_output.ToString(), Does.Contain("record\n  {\n    \"a\": [\n      1\n").And.Contain("metadata\n  {\n    \"host\": \"h\""));
    }

    [Test]
    public async Task Show_of_text_and_of_nothing()
    {
        Add("two\nlines", signal: RecordSignal.RawLine);
        await RunAsync(DeadLetterAction.Show, a => a with { Ids = [Heads[0].Id] });
        Assert.That(_output.ToString(), Does.EndWith("record\n  two\\u000alines\n"));

        Assert.That(await RunAsync(DeadLetterAction.Show, a => a with { Ids = [new DeadLetterId(1)] }), Is.EqualTo(ExitCode.Failed));
        Assert.That(_error.ToString(), Does.Contain("no dead letter 000000000001"));
    }

    [Test]
    public async Task Drop_of_a_named_letter_does_not_ask()
    {
        Add("1");
        Add("2");
        var code = await RunAsync(DeadLetterAction.Drop, a => a with { Ids = [Heads[0].Id, new DeadLetterId(1)] });

        Assert.That(code, Is.EqualTo(ExitCode.Failed), "one of them was not there");
        Assert.That(Heads.Select(h => h.Position.Value), Is.EqualTo(new[] { 200 }));
        Assert.That(_output.ToString(), Does.Contain("1 dead letters dropped"));
    }

    [TestCase(true, false, ExitCode.Ok, 0)]
    [TestCase(false, false, ExitCode.Failed, 2)]
    [TestCase(null, true, ExitCode.Ok, 0)]
    [TestCase(null, false, ExitCode.Usage, 2)]
    public async Task Drop_of_all_asks(bool? answer, bool yes, int code, int left)
    {
        Add("1");
        Add("2");
        var asked = "";
        bool Ask(string question)
        {
            asked = question;
            return answer!.Value;
        }

        Assert.That(await RunAsync(DeadLetterAction.Drop, a => a with { Yes = yes }, answer is null ? null : Ask), Is.EqualTo(code));
        Assert.That(Ids, Has.Length.EqualTo(left));
        Assert.That(asked, answer is null ? Is.Empty : Does.Contain("Drop 2 dead letters"));
    }

    [Test]
    public async Task What_comes_while_the_operator_thinks_is_not_dropped()
    {
        Add("1");
        await RunAsync(DeadLetterAction.Drop, ask: _ =>
        {
            Add("2");
            return true;
        });

        Assert.That(Heads.Select(h => h.Position.Value), Is.EqualTo(new[] { 200 }));
    }

    [Test]
    public async Task Retry_drops_what_the_backend_accepts_and_keeps_what_it_refuses_again()
    {
        await using var backend = await OtlpReceiver.StartAsync();
        backend.Decide = request => request.LogRecords.Any(r => r.Body.StringValue == "poison") ? OtlpAnswer.Status(400, "still no") : OtlpAnswer.Ok;
        Add("one", signal: RecordSignal.RawLine);
        Add("poison", signal: RecordSignal.RawLine);
        Add("{not a flow", signal: RecordSignal.Flow);
        Add("two", signal: RecordSignal.RawLine);
        var ids = Ids;
        var code = await RunAsync(DeadLetterAction.Retry, config: Config(backend));

        Assert.That(code, Is.EqualTo(ExitCode.Failed));
        Assert.That(backend.LogRecords.Select(r => r.Body.StringValue), Is.EqualTo(new[] { "one", "two" }));
        Assert.That(Ids, Is.EqualTo(new[] { ids[1], ids[2] }));
        Assert.That(_output.ToString(), Does.Contain($"{ids[1]}  refused again: 400 still no").And.Contain($"{ids[2]}  not sent: decode_error"));
        Assert.That(_output.ToString(), Does.Contain("2 records are with").And.Contain("2 stay").And.Contain("2 dead letters dropped"));
    }

    [Test]
    public async Task Retry_sends_a_record_that_was_written_twice_once_and_drops_both_lines()
    {
        await using var backend = await OtlpReceiver.StartAsync();
        Add("one", signal: RecordSignal.RawLine);
        _position -= 100;
        Add("one", "another reason", RecordSignal.RawLine);
        Assert.That(Ids.Distinct().Count(), Is.EqualTo(1));

        Assert.That(await RunAsync(DeadLetterAction.Retry, config: Config(backend)), Is.EqualTo(ExitCode.Ok));
        Assert.That(backend.LogRecords, Has.Count.EqualTo(1));
        Assert.That(Ids, Is.Empty);
    }

    [TestCase(false, 0)]
    [TestCase(true, 2)]
    public async Task A_duplicate_goes_when_its_original_does(bool refuses, int left)
    {
        await using var backend = await OtlpReceiver.StartAsync();
        backend.Decide = request => refuses && request.LogRecords.Count > 0 ? OtlpAnswer.Status(400, "no") : OtlpAnswer.Ok;
        Add(Flow.Replace("SEQ", "1", StringComparison.Ordinal), signal: RecordSignal.Flow);
        Add(Flow.Replace("SEQ", "1", StringComparison.Ordinal), signal: RecordSignal.Flow);
        await RunAsync(DeadLetterAction.Retry, config: Config(backend));

        Assert.That(Ids, Has.Length.EqualTo(left));
        Assert.That(backend.LogRecords, Has.Count.EqualTo(refuses ? 0 : 1));
    }

    [Test]
    public async Task A_dry_run_sends_and_drops_nothing()
    {
        await using var backend = await OtlpReceiver.StartAsync();
        Add("one", signal: RecordSignal.RawLine);
        Assert.That(await RunAsync(DeadLetterAction.Retry, a => a with { DryRun = true }, config: Config(backend)), Is.EqualTo(ExitCode.Ok));

        Assert.That(backend.Requests, Is.Empty);
        Assert.That(Ids, Has.Length.EqualTo(1));
        Assert.That(_output.ToString(), Does.Contain(Ids[0]).And.Contain("1 records would be tried with http"));
    }

    [Test]
    public async Task Retry_of_what_is_not_there_says_so()
    {
        await using var backend = await OtlpReceiver.StartAsync();
        Assert.That(await RunAsync(DeadLetterAction.Retry, a => a with { Ids = [new DeadLetterId(1)] }, config: Config(backend)), Is.EqualTo(ExitCode.Failed));
        Assert.That(_error.ToString(), Does.Contain("no dead letter 000000000001"));
    }

    [Test]
    public async Task A_stop_drops_what_was_accepted_until_then()
    {
        await using var backend = await OtlpReceiver.StartAsync();
        using var stop = new CancellationTokenSource();
        backend.Decide = request =>
        {
            if (!request.LogRecords.Any(r => r.Body.StringValue == "late"))
                return OtlpAnswer.Ok;
            stop.Cancel();
            return OtlpAnswer.Hang;
        };
        Add("early", signal: RecordSignal.RawLine);
        Add("late", signal: RecordSignal.RawLine);
        var config = Config(backend, ("DELIVERY__MAX_BATCH_RECORDS", "1"), ("DELIVERY__MAX_IN_FLIGHT", "1"), ("SHUTDOWN__DELIVERY_GRACE", "100ms"));
        var code = await RunAsync(DeadLetterAction.Retry, config: config, stop: stop.Token);

        Assert.That(code, Is.EqualTo(ExitCode.Failed));
        Assert.That(_output.ToString(), Does.Contain("stopped before the end"));
        Assert.That(Heads.Select(h => h.Position.Value), Is.EqualTo(new[] { 200 }));
    }

    [Test]
    public async Task A_cut_record_comes_from_the_spool_while_that_has_it([Values] bool hidesTailnet)
    {
        await using var house = new SpoolHarness();
        await using var backend = await OtlpReceiver.StartAsync();
        house.Options.MaxBytes = 10_000_000;
        house.Open();
        var whole = Flow.Replace("SEQ", "1", StringComparison.Ordinal).Replace("{\"nodeId\"", $"{{\"pad\":\"{new string('x', 40_000)}\",\"nodeId\"", StringComparison.Ordinal);
        await house.AppendAsync("{}", whole);
        var redactor = hidesTailnet ? new Redactor(SomeFilter.Options(PiiCategories.TailnetName)) : null;
        using var letters = new DeadLetters(new DeadLetterOptions { MaxBytes = 65_536 }, house.Folder, _time, _meter, house.Log, redactor);
        using (var reader = house.Spool.Read(SpoolPosition.Start))
        {
            Assert.That(reader.TryRead(out _) && reader.TryRead(out var record) && letters.TryWrite(record, "test"));
        }

        var code = await RunAsync(DeadLetterAction.Retry, a => a with { Spool = house.Folder }, config: Config(backend));
        Assert.That(code, Is.EqualTo(ExitCode.Ok), _output + _error.ToString());
        Assert.That(backend.LogRecords, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_cut_record_that_the_spool_has_no_more_stays()
    {
        await using var backend = await OtlpReceiver.StartAsync();
        using var letters = new DeadLetters(new DeadLetterOptions { MaxBytes = 65_536 }, _folder.Path, _time, _meter, new CollectedLog());
        letters.TryWrite(Record(new string('x', 100_000), RecordSignal.RawLine, "t"), "test");

        Assert.That(await RunAsync(DeadLetterAction.Retry, config: Config(backend)), Is.EqualTo(ExitCode.Failed));
        Assert.That(_output.ToString(), Does.Contain("cannot be sent: only its beginning is in the file"));
        Assert.That(Ids, Has.Length.EqualTo(1));
        Assert.That(backend.Requests, Is.Empty);
    }

    [Test]
    public async Task A_directory_that_is_not_there_is_a_mistake_in_words()
    {
        Assert.That(await RunAsync(DeadLetterAction.List, a => a with { Spool = _folder.File("nowhere") }), Is.EqualTo(ExitCode.Failed));
        Assert.That(_error.ToString(), Does.Contain("there is no spool directory").And.Contain("--spool"));
        Assert.That(Directory.Exists(_folder.File("nowhere")), Is.False);
    }

    LoadedConfig Config(OtlpReceiver backend, params (string, string)[] settings) =>
        DaemonVariables.Load(_folder.Path, [("OTLP__ENDPOINT", backend.HttpEndpoint.ToString()), .. settings]);

    Task<int> RunAsync(
        DeadLetterAction action, Func<DeadLetterArguments, DeadLetterArguments>? change = null, Func<string, bool>? ask = null, LoadedConfig? config = null, CancellationToken stop = default)
    {
        var arguments = new DeadLetterArguments(action, config ?? DaemonVariables.Load(_folder.Path));
        return DeadLetterCommand.RunAsync(change?.Invoke(arguments) ?? arguments, _output, _error, ask, stop);
    }

    void Add(string payload, string reason = "test", RecordSignal signal = RecordSignal.StreamEvent, int? status = null, string? message = null, string tailnet = "example.com")
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_letters.TryWrite(Record(payload, signal, tailnet), reason, status, message));
    }

    RawRecord Record(string payload, RecordSignal signal, string tailnet)
    {
        _position += 100;
        return new RawRecord
        {
            Position = new SpoolPosition(_position),
            Next = new SpoolPosition(_position + 100),
            Source = RecordSource.Stream,
            Signal = signal,
            Tailnet = tailnet,
            ReceivedAt = 1785153600000000000 + _position,
            Metadata = """{"host":"h"}"""u8,
            Payload = Encoding.UTF8.GetBytes(payload),
        };
    }
}
