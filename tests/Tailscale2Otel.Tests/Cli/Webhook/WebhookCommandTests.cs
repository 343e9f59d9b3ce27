using System.Text;
using Tailscale2Otel.Cli;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Cli.Webhook;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
sealed class WebhookCommandTests : IDisposable
{
    const long Now = SignedDelivery.ExampleTime;

    static readonly byte[] Example = Encoding.UTF8.GetBytes(SignedDelivery.ExampleBody);

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public async Task What_is_in_order_is_said_to_be()
    {
        var (code, lines, error) = await VerifyAsync(Request(SignedDelivery.Header(Now, Example), Example));

        Assert.That((code, error), Is.EqualTo((ExitCode.Ok, "")));
        Assert.That(lines, Is.EqualTo(new[] { $"good: signed with the secret in {_folder.File("secret")}", "good: signed 0s ago", "good: 1 events (test)" }));
    }

    [Test]
    public async Task The_fixture_as_it_was_captured()
    {
        var head = File.ReadAllText(Fixture("webhook-headers.txt")).Split("\n\n")[0];
        var capture = (byte[])[.. Encoding.ASCII.GetBytes($"{head}\n\n"), .. File.ReadAllBytes(Fixture("webhook-batch.json")), (byte)'\n'];

        var (code, lines, _) = await VerifyAsync(capture, time: "2026-07-27T12:02:00Z");

        Assert.That(code, Is.EqualTo(ExitCode.Ok), string.Join('\n', lines));
        Assert.That(lines, Has.Some.StartWith("note: 1 bytes follow the body").And.Some.EqualTo("good: signed 1m55s ago"));
        Assert.That(lines[^1], Is.EqualTo("good: 6 events (nodeCreated, userRoleUpdated, policyUpdate, nodeKeyExpiringInOneDay, userCreated, test)"));
    }

    [TestCase(Now + 7200, "5m", ExitCode.Ok, "good: signed 2h ago, more than the tolerance of 5m; taken as a retry")]
    [TestCase(Now + 90_001, "5m", ExitCode.Failed, "wrong: stale: signed 25h1s ago, and the limit is 25h")]
    [TestCase(Now + 90_001, "0", ExitCode.Ok, "good: signed 25h1s ago; with a tolerance of 0 any age is taken")]
    [TestCase(Now - 301, "5m", ExitCode.Failed, "wrong: signed 5m1s in the future: the clock")]
    [TestCase(Now + 60, "0", ExitCode.Ok, "good: signed 1m ago")]
    [TestCase(Now - 301, "10m", ExitCode.Ok, "good: signed 5m1s in the future")]
    public async Task The_age_is_said(long time, string tolerance, int expected, string line)
    {
        var (code, lines, _) = await VerifyAsync(Request(SignedDelivery.Header(Now, Example), Example), time: $"{time}", tolerance: tolerance);

        Assert.That(code, Is.EqualTo(expected));
        Assert.That(lines[1], Does.StartWith(line));
    }

    [TestCase(null, "there is no Tailscale-Webhook-Signature header")]
    [TestCase("t=1785153605", "header cannot be read: it has no v1 of 64 hexadecimal digits")]
    [TestCase("t=1,t=2", "header cannot be read: it has more than one t")]
    public async Task A_header_that_is_wrong_is_said_to_be(string? header, string problem)
    {
        var (code, lines, _) = await VerifyAsync(Request(header, Example));

        Assert.That((code, lines.Length), Is.EqualTo((ExitCode.Failed, 2)));
        Assert.That(lines[0], Does.StartWith("wrong: ").And.Contains(problem));
        Assert.That(lines[1], Is.EqualTo("good: 1 events (test)"));
    }

    static IEnumerable<TestCaseData> Mistakes =>
    [
        new TestCaseData(SignedDelivery.Secret + "\n", Example, "wrong secret: the signature fits the one in FILE with a line break behind it"),
        new TestCaseData(SignedDelivery.Secret["tskey-webhook-".Length..], Example, "wrong secret: the signature fits the one in FILE without tskey-webhook-"),
        new TestCaseData("tskey-webhook-" + SignedDelivery.Secret, Example, "wrong secret or body altered"),
        new TestCaseData("tskey-webhook-other", Example, "wrong secret or body altered: the signature fits none of the 1 secrets"),
        new TestCaseData(SignedDelivery.Secret, (byte[])[.. Example, (byte)'\n'], "body altered: the signature fits the body before a line break was added at its end"),
        new TestCaseData(SignedDelivery.Secret, (byte[])[.. Example, (byte)'\r', (byte)'\n'], "body altered: the signature fits the body before a line break was added at its end"),
        new TestCaseData(SignedDelivery.Secret, (byte[])[0xEF, 0xBB, 0xBF, .. Example], "body altered: the signature fits the body before a byte order mark was put before it"),
        new TestCaseData(SignedDelivery.Secret, Encoding.UTF8.GetBytes(SignedDelivery.ExampleBody.Replace(",", ", ", StringComparison.Ordinal)), "body altered: the signature fits the body before white space was added to its JSON"),
        new TestCaseData(SignedDelivery.Secret, Encoding.UTF8.GetBytes(SignedDelivery.ExampleBody.Replace("test", "text", StringComparison.Ordinal)), "wrong secret or body altered"),
    ];

    [TestCaseSource(nameof(Mistakes))]
    public async Task The_usual_mistakes_are_recognised(string signedWith, byte[] sent, string problem)
    {
        var header = SignedDelivery.Header(Now, Example, signedWith);

        var (code, lines, _) = await VerifyAsync(Request(header, sent));

        Assert.That(code, Is.EqualTo(ExitCode.Failed));
        Assert.That(lines[0], Does.StartWith("wrong: " + problem.Replace("FILE", _folder.File("secret"), StringComparison.Ordinal)));
    }

    [Test]
    public async Task A_secret_without_its_prefix_is_recognised_and_hinted_at()
    {
        var bare = SignedDelivery.Secret["tskey-webhook-".Length..];

        var (_, fits, _) = await VerifyAsync(Request(SignedDelivery.Header(Now, Example), Example), secret: bare);
        var (_, fitsNot, _) = await VerifyAsync(Request(SignedDelivery.Header(Now, Example, "other"), Example), secret: bare);
        var (_, quoted, _) = await VerifyAsync(Request(SignedDelivery.Header(Now, Example), Example), secret: $"\"{SignedDelivery.Secret}\"");

        Assert.That(fits[0], Does.StartWith("wrong: wrong secret: the signature fits the one in").And.Contain("with tskey-webhook- before it"));
        Assert.That(fitsNot[0], Does.Contain("does not begin with tskey-webhook-"));
        Assert.That(quoted[0], Does.Contain("without the quotes around it"));
    }

    [Test]
    public async Task A_line_break_behind_the_secret_is_no_mistake_since_the_daemon_takes_it_away() =>
        Assert.That((await VerifyAsync(Request(SignedDelivery.Header(Now, Example), Example), secret: SignedDelivery.Secret + "\r\n")).Code, Is.EqualTo(ExitCode.Ok));

    [Test]
    public async Task Several_secrets_and_files_are_all_tried()
    {
        File.WriteAllText(_folder.File("second"), $"tskey-webhook-a\n\n{SignedDelivery.Secret}\n");

        var (code, lines, _) = await VerifyAsync(Request(SignedDelivery.Header(Now, Example), Example), secret: "tskey-webhook-b", more: ["--secret-file", _folder.File("second")]);

        Assert.That((code, lines[0]), Is.EqualTo((ExitCode.Ok, $"good: signed with the secret in {_folder.File("second")}, line 2")));
    }

    [TestCase("{\"text\":\"Slack\"}", "not an array")]
    [TestCase("payload=x", "not JSON")]
    public async Task A_body_that_is_no_batch_is_said_to_be(string body, string problem)
    {
        var bytes = Encoding.UTF8.GetBytes(body);

        var (code, lines, _) = await VerifyAsync(Request(SignedDelivery.Header(Now, bytes), bytes));

        Assert.That(code, Is.EqualTo(ExitCode.Failed));
        Assert.That(lines[0], Does.StartWith("good: signed"));
        Assert.That(lines[^1], Does.StartWith("wrong: the body is").And.Contain(problem));
    }

    [Test]
    public async Task A_body_that_was_cut_off_is_said_to_be()
    {
        var whole = Request(SignedDelivery.Header(Now, Example), Example);

        var (code, lines, _) = await VerifyAsync(whole[..^10]);

        Assert.That(code, Is.EqualTo(ExitCode.Failed));
        Assert.That(lines[0], Does.Contain("10 bytes shorter than its Content-Length"));
        Assert.That(lines[1], Does.Contain("cut off"));
    }

    [Test]
    public async Task Without_headers_there_is_nothing_to_check() =>
        Assert.That((await VerifyAsync(Example)).Lines.Single(), Does.StartWith("wrong: there are no headers"));

    [TestCase("", "standard input is empty")]
    [TestCase("missing", "Could not find file")]
    [TestCase("blank", "is empty")]
    public async Task What_cannot_be_read_is_a_usage_error(string what, string problem)
    {
        File.WriteAllText(_folder.File("blank"), " \n");
        string[] more = what.Length == 0 ? [] : ["--secret-file", _folder.File(what)];

        var (code, lines, error) = await VerifyAsync([], more: more);

        Assert.That((code, lines), Is.EqualTo((ExitCode.Usage, Array.Empty<string>())));
        Assert.That(error, Does.StartWith("tailscale2otel: ").And.Contain(problem));
    }

    [TestCase("webhook verify")]
    [TestCase("webhook verify --secret-file x --time noon")]
    [TestCase("webhook verify --secret-file x --tolerance -1s")]
    [TestCase("webhook verify --secret-file x --tolerance 48h")]
    [TestCase("webhook")]
    public async Task Usage_errors_are_explained(string line)
    {
        var (code, _, error) = await RunAsync(line.Split(' '), []);

        Assert.That(code, Is.EqualTo(ExitCode.Usage), line);
        Assert.That(error, Is.Not.Empty);
    }

    [Test]
    public async Task A_request_larger_than_any_is_not_read_to_its_end()
    {
        File.WriteAllText(_folder.File("secret"), SignedDelivery.Secret);

        var (code, _, error) = await RunAsync(["webhook", "verify", "--secret-file", _folder.File("secret")], new byte[63_000_000]);

        Assert.That((code, error), Is.EqualTo((ExitCode.Usage, "tailscale2otel: the request is larger than 62980096 bytes\n")));
    }

    [Test]
    public async Task No_secret_and_no_signature_is_printed()
    {
        foreach (var signedWith in new[] { SignedDelivery.Secret, "tskey-webhook-other" })
        {
            var (_, lines, error) = await VerifyAsync(Request(SignedDelivery.Header(Now, Example, signedWith), Example));
            var output = string.Join('\n', lines) + error;
            Assert.That(output, Does.Not.Contain(SignedDelivery.Secret["tskey-webhook-".Length..]).And.Not.Contain(SignedDelivery.ExampleMac).And.Not.Contain("This is a test"));
        }
    }

    static byte[] Request(string? header, byte[] body) => SignedDelivery.Request(header, body).ToBytes();

    static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "Fixtures", name);

    Task<(int Code, string[] Lines, string Error)> VerifyAsync(byte[] capture, string? time = null, string tolerance = "5m", string secret = SignedDelivery.Secret, string[]? more = null)
    {
        File.WriteAllText(_folder.File("secret"), secret);
        return RunAsync(["webhook", "verify", "--secret-file", _folder.File("secret"), "--time", time ?? $"{Now}", "--tolerance", tolerance, .. more ?? []], capture);
    }

    static async Task<(int Code, string[] Lines, string Error)> RunAsync(string[] args, byte[] input)
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var line = new CommandLine(
            SomeHandlers.Of((_, _) => throw new InvalidOperationException("the daemon")), new Dictionary<string, string>(), () => new MemoryStream(input));
        var code = await line.RunAsync(args, output, error, CancellationToken.None);
        return (code, output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries), error.ToString());
    }
}
