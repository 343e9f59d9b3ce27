using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Tailscale2Otel.Cli;
using Tailscale2Otel.Config;
using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Ingest.LogStream;
using Tailscale2Otel.Spool;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Hosting.Check;

/// <summary><c>check</c>.</summary>
static class CheckCommand
{
    public static async Task<int> RunAsync(CheckArguments arguments, TextWriter output, TextWriter error, CancellationToken stop)
    {
        var report = await ReportAsync(arguments, TimeProvider.System, stop);
        // One line each, with what is allowed: too much for a table.
        ConfigurationInput.IsValid(arguments.Config, error);
        if (arguments.Json)
            await output.WriteLineAsync(CheckReportJson.Write(report));
        else
            CheckReportText.Write(report, output);
        return report.ExitCode;
    }

    /// <summary>Ends when all is known, at the time limit, or when <paramref name="stop"/> asks, with what is known then. Does not throw.</summary>
    public static async Task<CheckReport> ReportAsync(CheckArguments arguments, TimeProvider time, CancellationToken stop)
    {
        var (config, secrets) = (arguments.Config, HiddenSecrets.Of(arguments.Config));
        using var limit = new CancellationTokenSource(arguments.Timeout, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        string WhyUnknown() => stop.IsCancellationRequested ? "stopped before there was an answer" : $"no answer within {GoDuration.Format(arguments.Timeout)}";

        var questions = new List<CheckQuestion> { Configuration(config) };
        if (!config.IsValid)
            return await CheckReport.TakeAsync(questions, WhyUnknown, secrets, end.Token);

        // Nobody listens to it.
        using var meter = new Meter($"{ProductInfo.Name}.check");
        questions.AddRange(LocalQuestions.Ask(arguments, meter, time));
        var run = new CheckRun(arguments.Timeout, meter, time, new SemaphoreSlim(CheckRun.CallsAtOnce), end.Token);
        var all = TailnetSettings.All(config.Get<TailscaleOptions>(), config.Get<TailnetsOptions>());
        var spool = SpoolLocation.Find(config.Get<SpoolOptions>().Directory, name => arguments.Environment.GetValueOrDefault(name));
        var marks = new SinkMarks(Path.Combine(spool, SinkMarks.FolderName), NullLogger<SinkMarks>.Instance);
        ApiUse UseOf(string tailnet) => ApiUse.Of(config, tailnet) with { HasSet = (type, sink) => marks.HasSet(tailnet, type, sink) };
        List<TailnetQuestions> tailnets = [.. all.Select(t => new TailnetQuestions(t, all.Count > 1 ? t.Name : "", UseOf(t.Name), run))];
        foreach (var tailnet in tailnets)
            questions.AddRange(tailnet.Ask());
        questions.AddRange(OtlpQuestions.Ask(config, time, end.Token));
        try
        {
            return await CheckReport.TakeAsync(questions, WhyUnknown, secrets, end.Token);
        }
        finally
        {
            foreach (var tailnet in tailnets)
                tailnet.Dispose();
        }
    }

    static CheckQuestion Configuration(LoadedConfig config)
    {
        var finding = config.IsValid
            ? CheckFinding.Ok(config.Warnings.Count switch { 0 => "valid", 1 => "valid, 1 warning", var n => $"valid, {n} warnings" }, config.Warnings.Count > 0 ? $"{ProductInfo.Name} validate shows the warnings" : "")
            : CheckFinding.Failed(config.Errors.Count == 1 ? "1 error; nothing else was tried" : $"{config.Errors.Count} errors; nothing else was tried", $"{ProductInfo.Name} validate shows what is allowed");
        return new CheckQuestion(CheckPart.Local, "configuration", "configuration", Task.FromResult(finding));
    }
}
