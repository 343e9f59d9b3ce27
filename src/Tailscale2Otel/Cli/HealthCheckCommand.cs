using System.CommandLine;
using System.Net;
using System.Text;
using Tailscale2Otel.Admin;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Cli;

/// <summary><c>healthcheck</c>: asks the admin listener of a running daemon, for container health checks.</summary>
static class HealthCheckCommand
{
    const int MaxReasonBytes = 4096;

    static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(5);

    public static Command Create(ConfigurationInput input)
    {
        var timeout = DurationOption.Create("--timeout", "How long the daemon has to answer.", DefaultTimeout);
        var command = new Command("healthcheck", "Ask the running daemon's /readyz: exits 0 ready, 1 not ready, 2 unreachable.") { timeout };
        command.SetAction((arguments, cancellation) =>
        {
            var config = input.Load(arguments);
            var (output, error) = (arguments.InvocationConfiguration.Output, arguments.InvocationConfiguration.Error);
            return ConfigurationInput.HasValid("admin", config, error)
                ? RunAsync(config.Get<AdminOptions>(), arguments.GetValue(timeout) ?? DefaultTimeout, output, error, cancellation)
                : Task.FromResult(ExitCode.Failed);
        });
        return command;
    }

    static async Task<int> RunAsync(AdminOptions admin, TimeSpan timeout, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        if (!admin.Enabled)
        {
            await error.WriteLineAsync("unreachable: admin.enabled is false, so that there is nothing to ask");
            return ExitCode.Usage;
        }

        var url = Url(admin);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        try
        {
            using var client = new HttpClient(Handler());
            using var response = await client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            var reason = await ReadReasonAsync(response, limit.Token);
            var isReady = response.StatusCode == HttpStatusCode.OK;
            await (isReady ? output : error).WriteLineAsync(isReady ? "ready" : $"not ready: {(int)response.StatusCode} {reason}".TrimEnd());
            return isReady ? ExitCode.Ok : ExitCode.Failed;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            await error.WriteLineAsync($"unreachable: {url}: {e.Message}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            await error.WriteLineAsync($"unreachable: {url}: no answer in {timeout.TotalSeconds:0.###} s");
        }

        return ExitCode.Usage;
    }

    // The certificate names the host and not the loopback address that is asked here, and nothing secret is sent.
    static SocketsHttpHandler Handler() => new()
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        SslOptions = { RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null },
    };

    /// <summary>A listener on every address is asked on loopback.</summary>
    static Uri Url(AdminOptions admin)
    {
        var scheme = admin.Tls.CertFile.Length > 0 ? "https" : "http";
        if (!ListenAddress.TryParse(admin.Listen, out var listen))
            throw new InvalidOperationException("admin.listen passed its validator");

        var host = listen.Address is not { } address ? "localhost"
            : address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) ? "127.0.0.1"
            : listen.ToString()[..^$":{listen.Port}".Length];
        return new Uri($"{scheme}://{host}:{listen.Port}/readyz");
    }

    static async Task<string> ReadReasonAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[MaxReasonBytes];
        var read = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        return Encoding.UTF8.GetString(buffer, 0, read).ReplaceLineEndings("; ").TrimEnd(' ', ';');
    }
}
