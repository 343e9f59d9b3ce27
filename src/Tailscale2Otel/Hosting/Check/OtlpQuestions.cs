using Tailscale2Otel.Config;
using Tailscale2Otel.Export.Otlp;

namespace Tailscale2Otel.Hosting.Check;

/// <summary>Whether the OTLP endpoints take requests: an empty one each, sent once, over the transport that the daemon uses.</summary>
static class OtlpQuestions
{
    public static IEnumerable<CheckQuestion> Ask(LoadedConfig config, TimeProvider time, CancellationToken end) =>
        from signal in new[] { OtlpSignal.Logs, OtlpSignal.Metrics }
        let name = signal == OtlpSignal.Logs ? "logs" : "metrics"
        select new CheckQuestion(CheckPart.Export, $"otlp_{name}", $"OTLP {name}", AskAsync(config.Get<OtlpOptions>(), signal, name, time, end));

    static async Task<CheckFinding> AskAsync(OtlpOptions options, OtlpSignal signal, string name, TimeProvider time, CancellationToken end)
    {
        if (OtlpTarget.Resolve(options, signal) is not { } target)
            return CheckFinding.NotUsed($"otlp.{name}.enabled is false");
        if (target.Protocol == OtlpChoice.Stdout)
            return CheckFinding.NotUsed("goes to standard output: not probed");

        using var limit = new CancellationTokenSource(target.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, end);
        try
        {
            using var client = OtlpClient.Create(target, time);
            // A request without any field is valid and holds no data.
            using var body = OtlpRequestBody.Create(target, [], default);
            return OtlpVerdict.Of(await client.SendAsync(body, either.Token), target);
        }
        catch (OperationCanceledException) when (!end.IsCancellationRequested)
        {
            return OtlpVerdict.NoAnswer(target);
        }
        catch (Exception e) when (e is InvalidOperationException or DllNotFoundException)
        {
            return CheckFinding.Failed("a file or library that the connection needs cannot be used", e.Message);
        }
    }
}
