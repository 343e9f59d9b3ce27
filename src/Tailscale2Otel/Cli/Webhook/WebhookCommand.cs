using System.CommandLine;
using System.Globalization;
using System.Text;
using Tailscale2Otel.Config;
using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Ingest.Webhook;
using Tailscale2Otel.Model;
using Tailscale2Otel.Processing.Deduplication;

namespace Tailscale2Otel.Cli.Webhook;

/// <summary><c>webhook verify</c>: why a captured delivery gets a 401.</summary>
static class WebhookCommand
{
    /// <summary>A secret's file is no larger; a request is no larger than the receiver takes, with its headers.</summary>
    const int MaxSecretFile = 65_536;
    const int MaxRequest = (int)WebhookOptions.LargestBody + 65_536;

    /// <param name="input">Opens standard input.</param>
    public static Command Create(Func<Stream> input)
    {
        var files = new Option<string[]>("--secret-file") { Description = "File with the webhook's secret, or with several, one a line. May be given more than once.", HelpName = "FILE", Required = true };
        var time = new Option<DateTimeOffset?>("--time")
        {
            Description = "When the request came, as Unix seconds or RFC 3339. [default: now]",
            HelpName = "TIME",
            CustomParser = result =>
            {
                if (TryParseTime(result.Tokens[0].Value, out var value))
                    return value;

                result.AddError("--time takes Unix seconds such as 1785153605, or RFC 3339 such as 2026-07-27T12:00:05Z");
                return null;
            },
        };
        var defaults = new WebhookOptions();
        var tolerance = new Option<TimeSpan>("--tolerance")
        {
            Description = $"webhook.tolerance; 0 takes any age. [default: {GoDuration.Format(defaults.Tolerance)}]",
            HelpName = "DURATION",
            DefaultValueFactory = _ => defaults.Tolerance,
            CustomParser = result =>
            {
                if (GoDuration.TryParse(result.Tokens[0].Value, out var value) && value >= TimeSpan.Zero && value <= TimeSpan.FromDays(1))
                    return value;

                result.AddError($"--tolerance takes {GoDuration.Examples}, 0 to 24h");
                return default;
            },
        };

        var verify = new Command("verify", "Read a captured delivery (headers and body) from standard input and say what is wrong: exits 0 nothing, 1 something, 2 it could not be read.") { files, time, tolerance };
        verify.SetAction((arguments, cancellation) =>
        {
            var (output, error) = (arguments.InvocationConfiguration.Output, arguments.InvocationConfiguration.Error);
            return VerifyAsync(arguments.GetValue(files)!, arguments.GetValue(time) ?? TimeProvider.System.GetUtcNow(), arguments.GetValue(tolerance), input, (output, error), cancellation);
        });
        return new Command("webhook", "Help with Tailscale's webhooks.") { verify };
    }

    static async Task<int> VerifyAsync(
        string[] files, DateTimeOffset now, TimeSpan tolerance, Func<Stream> input, (TextWriter Output, TextWriter Error) console, CancellationToken cancellation)
    {
        try
        {
            var secrets = new List<SecretCandidate>();
            foreach (var file in files)
                secrets.AddRange(await ReadSecretsAsync(file, cancellation));
            await using var stream = input();
            var capture = await ReadAsync(stream, MaxRequest, "the request", cancellation);
            if (capture.Length == 0)
                throw new InvalidDataException("standard input is empty: webhook verify --secret-file FILE < REQUEST");

            var verifier = new WebhookVerifier([.. secrets.Select(s => s.Secret)], tolerance, new DeduplicationOptions().Window, new FixedTime(now));
            var examination = new WebhookExamination(secrets, verifier, tolerance, now);
            examination.Examine(CapturedRequest.Parse(capture));
            foreach (var line in examination.Lines)
                await console.Output.WriteLineAsync(line);
            return examination.IsGood ? ExitCode.Ok : ExitCode.Failed;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException)
        {
            await console.Error.WriteLineAsync($"{ProductInfo.Name}: {e.Message}");
            return ExitCode.Usage;
        }
    }

    /// <summary>As <c>webhook.secret_file</c> is read: white space around a secret is none of it.</summary>
    static async Task<List<SecretCandidate>> ReadSecretsAsync(string file, CancellationToken cancellation)
    {
        await using var stream = File.OpenRead(file);
        var text = Encoding.UTF8.GetString((await ReadAsync(stream, MaxSecretFile, file, cancellation)).Span).TrimStart('\uFEFF');
        var lines = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 0)
            throw new InvalidDataException($"{file} is empty");

        return [.. lines.Select((line, i) => new SecretCandidate(new Secret(line), lines.Length == 1 ? file : string.Create(CultureInfo.InvariantCulture, $"{file}, line {i + 1}")))];
    }

    static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream stream, int limit, string what, CancellationToken cancellation)
    {
        using var content = new MemoryStream();
        var buffer = new byte[81_920];
        for (int read; (read = await stream.ReadAsync(buffer, cancellation)) > 0;)
        {
            if (content.Length + read > limit)
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{what} is larger than {limit} bytes"));
            content.Write(buffer, 0, read);
        }

        return content.ToArray();
    }

    static bool TryParseTime(string text, out DateTimeOffset time)
    {
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);

        var isInRange = seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds();
        time = isInRange ? DateTimeOffset.FromUnixTimeSeconds(seconds) : default;
        return isInRange;
    }

    sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
