using System.Text.Json;
using Tailscale2Otel.Cli;
using Tailscale2Otel.Config;
using Tailscale2Otel.Hosting;
using Tailscale2Otel.Hosting.Check;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Hosting.Check;

/// <summary>A check of a configuration by variables, and what it printed. Unless a test says otherwise nothing is sent anywhere.</summary>
sealed class SomeCheck : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly TemporaryFolder _folder = new();
    readonly Dictionary<string, string> _variables;

    public SomeCheck(params (string Key, string Value)[] settings)
    {
        _variables = new Dictionary<string, string>
        {
            ["TS2OTEL_SPOOL__DIRECTORY"] = Spool,
            // Any disk has room for that.
            ["TS2OTEL_SPOOL__MAX_BYTES"] = "1048576",
            ["TS2OTEL_SPOOL__SEGMENT_BYTES"] = "65536",
            ["TS2OTEL_OTLP__PROTOCOL"] = "stdout",
        };
        foreach (var (key, value) in settings)
            _variables["TS2OTEL_" + key] = value;
    }

    public string Spool => _folder.File("spool");

    public TimeSpan Timeout { get; init; } = Patience;

    public string Text { get; private set; } = "";

    public string Error { get; private set; } = "";

    public string Json { get; private set; } = "";

    public string File(string name, string text)
    {
        System.IO.File.WriteAllText(_folder.File(name), text);
        return _folder.File(name);
    }

    /// <summary>The exit code. Both forms are printed, of one check each.</summary>
    public async Task<int> RunAsync(string? file = null, CancellationToken stop = default)
    {
        (var code, Text, Error) = await RunAsync(file, isJson: false, stop);
        (var same, Json, _) = await RunAsync(file, isJson: true, stop);
        Assert.That(same, Is.EqualTo(code), "both forms say the same");
        return code;
    }

    public async Task<(int Code, string Output, string Error)> RunAsync(string? file, bool isJson, CancellationToken stop)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var config = new ConfigLoader(OptionTypes.Schema).Load(file, _variables);
        var code = await CheckCommand.RunAsync(new CheckArguments(config, Timeout, _variables) { Json = isJson }, output, error, stop);
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>State and detail of a row.</summary>
    public (string State, string Detail, string ToDo) Row(string id, string? tailnet = null)
    {
        using var json = JsonDocument.Parse(Json);
        var row = json.RootElement.GetProperty("checks").EnumerateArray()
            .Single(c => c.GetProperty("id").GetString() == id && (tailnet is null || c.GetProperty("tailnet").GetString() == tailnet));
        return (row.GetProperty("state").GetString()!, row.GetProperty("detail").GetString()!, row.GetProperty("to_do").GetString() ?? "");
    }

    public void Dispose() => _folder.Dispose();
}
