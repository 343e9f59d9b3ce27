using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Tailscale2Otel.Cli;
using Tailscale2Otel.Config;
using Tailscale2Otel.Diagnostics;

namespace Tailscale2Otel.Tests.Cli;

[TestFixture]
public sealed class CommandLineTests
{
    const string Good = "log_level: warn\nadmin:\n  listen: 127.0.0.1:1\n";

    DirectoryInfo _directory = null!;
    LoadedConfig? _started;
    DemoArguments? _demo;

    [SetUp]
    public void MakeDirectory()
    {
        _directory = Directory.CreateTempSubdirectory("cli-");
        _started = null;
        _demo = null;
    }

    [TearDown]
    public void DeleteDirectory() => _directory.Delete(recursive: true);

    [Test]
    public async Task Without_a_command_the_daemon_runs_with_the_configuration()
    {
        var result = await RunAsync(["--config", Write(Good)]);

        Assert.That(result, Is.EqualTo((42, "", "")), "the exit code is the daemon's");
        Assert.That(_started!.Get<ProcessOptions>().LogLevel, Is.EqualTo(LogVerbosity.Warn));
    }

    [Test]
    public async Task The_file_may_be_named_by_a_variable_and_the_option_is_stronger()
    {
        await RunAsync([], ("TS2OTEL_CONFIG", Write(Good)));
        Assert.That(_started!.Get<ProcessOptions>().LogLevel, Is.EqualTo(LogVerbosity.Warn));

        await RunAsync(["-c", Write("log_level: error\n", "other.yaml")], ("TS2OTEL_CONFIG", Write(Good)));
        Assert.That(_started!.Get<ProcessOptions>().LogLevel, Is.EqualTo(LogVerbosity.Error));
    }

    [Test]
    public async Task The_daemon_does_not_start_with_errors_and_prints_all_of_them()
    {
        var file = Write("log_level: loud\nadmin: {listen: nowhere}\n");

        var (code, output, error) = await RunAsync(["--config", file]);

        Assert.That(code, Is.EqualTo(ExitCode.Failed));
        Assert.That(_started, Is.Null);
        Assert.That(output, Is.Empty);
        Assert.That(error.Split('\n', StringSplitOptions.RemoveEmptyEntries), Is.EqualTo(new[]
        {
            $"error: {file}:1: log_level = \"loud\": allowed: debug, info, warn, error",
            $"error: {file}:2: admin.listen = \"nowhere\": not an address and port; allowed: 127.0.0.1:9091, [::1]:9091, localhost:9091 or :9091",
        }));
    }

    [Test]
    public async Task Validate_says_OK_or_everything_that_is_wrong()
    {
        Assert.That(await RunAsync(["validate", "--config", Write(Good)]), Is.EqualTo((0, "config OK\n", "")));

        var (code, output, error) = await RunAsync(["validate", "--config", Write("log_level: loud\n")], ("TS2OTEL_LOGLEVEL", "x"));
        Assert.That(code, Is.EqualTo(ExitCode.Failed));
        Assert.That(output, Is.EqualTo("warning: TS2OTEL_LOGLEVEL: no such variable, it is ignored; did you mean TS2OTEL_LOG_LEVEL?\n"));
        Assert.That(error, Does.StartWith("error: ").And.Contain("log_level"));
        Assert.That(_started, Is.Null);
    }

    [TestCase(false, ExitCode.Ok)]
    [TestCase(true, ExitCode.Failed)]
    public async Task Validate_can_take_warnings_for_errors(bool strict, int expected)
    {
        string[] args = strict ? ["validate", "--warnings-as-errors"] : ["validate"];

        var (code, output, _) = await RunAsync(args, ("TS2OTEL_X", "y"));

        Assert.That(code, Is.EqualTo(expected));
        Assert.That(output.Contains("config OK", StringComparison.Ordinal), Is.EqualTo(!strict));
    }

    [Test]
    public async Task Validate_prints_JSON_for_programs()
    {
        var (code, output, error) = await RunAsync(["validate", "--json", "--config", Write("log_level: loud\n")], ("TS2OTEL_X", "y"));
        using var json = JsonDocument.Parse(output);

        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(ExitCode.Failed));
            Assert.That(error, Is.Empty);
            Assert.That(json.RootElement.GetProperty("ok").GetBoolean(), Is.False);
            Assert.That(json.RootElement.GetProperty("errors")[0].GetProperty("key").GetString(), Is.EqualTo("log_level"));
            Assert.That(json.RootElement.GetProperty("errors")[0].GetProperty("value").GetString(), Is.EqualTo("loud"));
            Assert.That(json.RootElement.GetProperty("warnings")[0].GetProperty("source").GetString(), Is.EqualTo("TS2OTEL_X"));
        });
    }

    [Test]
    public async Task Config_prints_what_is_in_force()
    {
        var file = Write(Good);

        var (code, yaml, error) = await RunAsync(["config", "--config", file]);
        var (_, json, _) = await RunAsync(["config", "--config", file, "--format", "json"]);

        Assert.That((code, error), Is.EqualTo((0, "")));
        Assert.That(yaml, Does.StartWith($"log_level: warn  # {file}:1\n"));
        Assert.That(JsonDocument.Parse(json).RootElement.GetProperty("log_level").GetProperty("origin").GetString(), Is.EqualTo($"{file}:1"));
        Assert.That((await RunAsync(["config", "--config", Write("nonsense: 1\n")])).Code, Is.EqualTo(ExitCode.Failed));
    }

    [TestCase("version")]
    [TestCase("-version")]
    [TestCase("--version")]
    public async Task Version_names_program_and_version(string spelling) =>
        Assert.That(await RunAsync([spelling]), Is.EqualTo((0, $"tailscale2otel {ProductInfo.Version}\n", "")));

    [TestCase("--nonsense")]
    [TestCase("nonsense")]
    [TestCase("validate --format yaml")]
    [TestCase("config --format xml")]
    [TestCase("--config")]
    [TestCase("healthcheck --timeout 5")]
    [TestCase("healthcheck --timeout 0s")]
    [TestCase("demo --nodes many")]
    [TestCase("replay --rate many")]
    [TestCase("dead-letters list --limit many")]
    [TestCase("demo --otlp localhost:4318")]
    [TestCase("demo --otlp ftp://x")]
    [TestCase("check --timeout 0s")]
    [TestCase("check --nonsense")]
    [TestCase("-once")]
    [TestCase("@response-file")]
    public async Task A_usage_error_is_explained_and_exits_2(string line)
    {
        var (code, output, error) = await RunAsync(line.Split(' '));

        Assert.That(code, Is.EqualTo(ExitCode.Usage));
        Assert.That(output, Is.Empty);
        Assert.That(error, Does.StartWith("tailscale2otel: ").And.EndsWith("Run 'tailscale2otel --help' for the commands and options.\n"));
        Assert.That(_started, Is.Null);
    }

    [Test]
    public async Task The_list_of_commands_has_a_line_for_each_and_a_commands_own_help_the_rest()
    {
        var (_, all, _) = await RunAsync(["--help"]);
        var (_, own, _) = await RunAsync(["check", "--help"]);

        Assert.That(all, Does.Match(@"\n  check +Try what [^\n]+\n  spool ").And.Not.Contain("Calls each API"));
        Assert.That(own, Does.Contain("Calls each API"));
    }

    [Test]
    public async Task Help_shows_commands_and_exit_codes_and_hides_what_is_for_developers()
    {
        var (code, output, _) = await RunAsync(["--help"]);

        Assert.That(code, Is.Zero);
        foreach (var part in new[] { "--config <FILE>", "validate", "config", "demo", "healthcheck", "version", "Exit codes:", "  2  usage error" })
            Assert.That(output, Does.Contain(part));
        Assert.That(output, Does.Not.Contain("docs"));
    }

    [Test]
    public async Task Demo_hands_its_arguments_on()
    {
        Assert.That((await RunAsync(["demo", "--nodes", "5", "--rate", "1.5", "--duration", "1m30s", "--seed", "7", "--api", "--otlp", "http://localhost:4318"])).Code, Is.EqualTo(43));
        Assert.That(_demo, Is.EqualTo(new DemoArguments { Nodes = 5, Rate = 1.5, Duration = TimeSpan.FromSeconds(90), Seed = 7, Api = true, Otlp = new Uri("http://localhost:4318") }));

        await RunAsync(["demo"]);
        Assert.That(_demo, Is.EqualTo(new DemoArguments()));
    }

    [TestCase("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nok\n", ExitCode.Ok, "ready\n", "")]
    [TestCase("HTTP/1.1 503 Busy\r\ncontent-length: 22\r\n\r\nspool: full\nwal: late\n", ExitCode.Failed, "", "not ready: 503 spool: full; wal: late\n")]
    [TestCase("HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n", ExitCode.Failed, "", "not ready: 302\n")]
    public async Task Healthcheck_asks_the_admin_listener(string answer, int code, string output, string error)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var request = AnswerOnceAsync(listener, answer);

        var result = await RunAsync(["healthcheck"], ("TS2OTEL_ADMIN__LISTEN", $"0.0.0.0:{port}"), ("http_proxy", "http://127.0.0.1:1"));

        Assert.That(result, Is.EqualTo((code, output, error)));
        Assert.That(await request, Does.StartWith($"GET /readyz HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"));
    }

    [Test]
    public async Task Healthcheck_gives_up_on_a_daemon_that_is_silent_absent_or_not_asked_for()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var port = ((IPEndPoint)silent.LocalEndpoint).Port;

        var late = await RunAsync(["healthcheck", "--timeout", "50ms"], ("TS2OTEL_ADMIN__LISTEN", $"127.0.0.1:{port}"));
        silent.Stop();
        var absent = await RunAsync(["healthcheck"], ("TS2OTEL_ADMIN__LISTEN", $"127.0.0.1:{port}"));
        var off = await RunAsync(["healthcheck"], ("TS2OTEL_ADMIN__ENABLED", "false"));
        var broken = await RunAsync(["healthcheck"], ("TS2OTEL_ADMIN__ENABLED", "perhaps"));
        var elsewhere = await RunAsync(["healthcheck"], ("TS2OTEL_ADMIN__LISTEN", $"127.0.0.1:{port}"), ("TS2OTEL_STREAMING__TOKEN_FILE", "/gone/token"));

        Assert.Multiple(() =>
        {
            Assert.That((late.Code, late.Error), Is.EqualTo((ExitCode.Usage, $"unreachable: http://127.0.0.1:{port}/readyz: no answer in 0.05 s\n")));
            Assert.That(absent.Code, Is.EqualTo(ExitCode.Usage));
            Assert.That(absent.Error, Does.StartWith($"unreachable: http://127.0.0.1:{port}/readyz: "));
            Assert.That(off.Code, Is.EqualTo(ExitCode.Usage));
            Assert.That(broken.Code, Is.EqualTo(ExitCode.Failed));
            Assert.That((elsewhere.Code, elsewhere.Error), Is.EqualTo((absent.Code, absent.Error)), "the daemon that runs has its token");
        });
    }

    [Test]
    public async Task An_exception_of_the_daemon_is_a_runtime_error()
    {
        var error = new StringWriter();
        var line = new CommandLine(SomeHandlers.Of((_, _) => throw new InvalidOperationException("the disk is gone")), new Dictionary<string, string>());

        Assert.That(await line.RunAsync([], TextWriter.Null, error, CancellationToken.None), Is.EqualTo(ExitCode.Failed));
        Assert.That(error.ToString(), Does.StartWith("tailscale2otel: ").And.Contain("the disk is gone"));
    }

    [TestCase("version")]
    [TestCase("config")]
    [TestCase("--help")]
    public async Task Who_reads_no_more_ends_a_command_without_words(string command)
    {
        var error = new StringWriter();
        var line = new CommandLine(SomeHandlers.Of((_, _) => Task.FromResult(0)), new Dictionary<string, string>());

        Assert.That(await line.RunAsync([command], new ClosedPipe(), error, CancellationToken.None), Is.EqualTo(ExitCode.Failed));
        Assert.That(error.ToString(), Is.Empty);
    }

    [Test]
    public async Task A_stop_reaches_the_daemon_and_is_no_failure()
    {
        using var stop = new CancellationTokenSource();
        var started = new TaskCompletionSource();
        var line = new CommandLine(
            SomeHandlers.Of(
                async (_, cancellation) =>
                {
                    started.SetResult();
                    await Task.Delay(Timeout.Infinite, cancellation);
                    return 5;
                }),
            new Dictionary<string, string>());

        var running = line.RunAsync([], TextWriter.Null, TextWriter.Null, stop.Token);
        await started.Task;
        await stop.CancelAsync();

        Assert.That(await running, Is.EqualTo(ExitCode.Ok));
    }

    [Test]
    public async Task No_command_ever_prints_a_secret()
    {
        const string Secret = "hunter2hunter2";
        var file = Write("""
            streaming: {token: SECRET}
            otlp: {headers: {x-key: SECRET}, grafana_cloud: {token: SECRET}, endpoint: "http://me:SECRET@localhost:4318"}
            tailscale: {auth: {apikey: SECRET, oauth: {client_secret: SECRET}}}
            tailnets: [{auth: {apikey: SECRET}}]
            webhook: {secret: SECRET}
            """.Replace("SECRET", Secret, StringComparison.Ordinal));
        var broken = Write(
            """
            streaming: {token: {a: SECRET}, tokn: SECRET}
            otlp: {headers: [SECRET], grafana_cloud: {token: [SECRET]}}
            secret: SECRET
            """.Replace("SECRET", Secret, StringComparison.Ordinal),
            "broken.yaml");
        (string, string)[] variables =
        [
            ("TS2OTEL_STREAMING__TOKNE", Secret),
            ("TS2OTEL_OTLP__HEADERS", $"a={Secret}"),
            ("TS2OTEL_WEBHOOK__SECRET", Secret),
            ("OTEL_EXPORTER_OTLP_HEADERS", $"x-other={Secret},{Secret}"),
        ];

        foreach (var config in new[] { file, broken })
        {
            foreach (var with in new[] { [], variables })
            {
                foreach (var command in new[] { "", "validate", "validate --json", "config", "config --format json", "healthcheck --timeout 1s", "docs configuration", "version" })
                {
                    var (_, output, error) = await RunAsync([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--config", config], with);
                    Assert.That(output + error, Does.Not.Contain(Secret), $"{command} {Path.GetFileName(config)}");
                }
            }
        }
    }

    static async Task<string> AnswerOnceAsync(TcpListener listener, string answer)
    {
        using var client = await listener.AcceptTcpClientAsync();
        var buffer = new byte[4096];
        var read = await client.GetStream().ReadAsync(buffer);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer));
        return Encoding.ASCII.GetString(buffer, 0, read);
    }

    string Write(string yaml, string name = "config.yaml")
    {
        var path = Path.Combine(_directory.FullName, name);
        File.WriteAllText(path, yaml);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }

    async Task<(int Code, string Output, string Error)> RunAsync(string[] args, params (string Name, string Value)[] variables)
    {
        var handlers = SomeHandlers.Of(
            (config, _) =>
            {
                _started = config;
                return Task.FromResult(42);
            },
            (arguments, _) =>
            {
                _demo = arguments;
                return Task.FromResult(43);
            });
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var line = new CommandLine(handlers, variables.ToDictionary(v => v.Name, v => v.Value));
        var code = await line.RunAsync(args, output, error, CancellationToken.None);
        return (code, output.ToString(), error.ToString());
    }

    sealed class ClosedPipe : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => throw new IOException("standard output: Broken pipe", StandardOutput.BrokenPipe);
    }
}
