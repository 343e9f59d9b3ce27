using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Tailscale2Otel.Cli;
using Tailscale2Otel.Config;

namespace Tailscale2Otel.Tests.Cli;

[TestFixture]
public sealed class ConsoleLoggingTests
{
    [TestCase("Debug", LogLevel.Debug, LogLevel.Debug)]
    [TestCase("Info", LogLevel.Information, LogLevel.Warning)]
    [TestCase("Warn", LogLevel.Warning, LogLevel.Warning)]
    [TestCase("Error", LogLevel.Error, LogLevel.Error)]
    public void The_level_holds_for_the_daemon_and_the_frameworks_are_quieter(string level, LogLevel own, LogLevel framework)
    {
        using var services = Services(new ProcessOptions { LogLevel = Enum.Parse<LogVerbosity>(level) });
        var logs = services.GetRequiredService<ILoggerFactory>();

        Assert.That(Least(logs.CreateLogger("Tailscale2Otel.Spool")), Is.EqualTo(own));
        Assert.That(Least(logs.CreateLogger("Microsoft.AspNetCore.Server")), Is.EqualTo(framework));
    }

    [Test]
    public void Everything_goes_to_standard_error()
    {
        using var services = Services(new ProcessOptions());

        Assert.That(services.GetRequiredService<IOptions<ConsoleLoggerOptions>>().Value.LogToStandardErrorThreshold, Is.EqualTo(LogLevel.Trace));
    }

    [Test]
    public void JSON_is_one_object_a_line_with_a_time_in_UTC()
    {
        using var services = Services(new ProcessOptions { LogFormat = LogFormat.Json });
        var formatter = services.GetServices<ConsoleFormatter>().Single(f => f.Name == services.GetRequiredService<IOptions<ConsoleLoggerOptions>>().Value.FormatterName);
        using var line = new StringWriter();

        formatter.Write(new LogEntry<string>(LogLevel.Information, "c", 1, "hello", null, (s, _) => s), null, line);

        using var json = JsonDocument.Parse(line.ToString());
        Assert.That(json.RootElement.GetProperty("Message").GetString(), Is.EqualTo("hello"));
        Assert.That(json.RootElement.GetProperty("Timestamp").GetDateTimeOffset().Offset, Is.EqualTo(TimeSpan.Zero));
        Assert.That(line.ToString().TrimEnd(), Does.Not.Contain('\n'));
    }

    static ServiceProvider Services(ProcessOptions options) =>
        new ServiceCollection().AddLogging(logging => logging.AddConsoleLogging(options)).BuildServiceProvider();

    static LogLevel Least(ILogger logger) => Enum.GetValues<LogLevel>().First(logger.IsEnabled);
}
