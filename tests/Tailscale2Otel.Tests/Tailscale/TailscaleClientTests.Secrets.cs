using System.Text;
using Microsoft.AspNetCore.Http;
using Tailscale2Otel.Tailscale;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Tailscale;

public sealed partial class TailscaleClientTests
{
    const string OpaqueToken = "hunter4.opaque-token~hunter4";
    const string Jwt = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJodW50ZXI1In0.hunter5signature";

    static readonly string[] Credentials = [ApiHarness.ClientSecret, ApiHarness.ApiKey, OpaqueToken, Jwt, "hunter"];

    /// <summary>Each quotes everything that it got, as a server or proxy under stress may.</summary>
    static readonly Dictionary<string, Func<string, RequestDelegate>> Quoting = new()
    {
        ["400"] = said => ApiAnswers.Status(400, said),
        ["401"] = said => ApiAnswers.Status(401, said),
        ["403"] = said => ApiAnswers.Status(403, said),
        ["404"] = said => ApiAnswers.Status(404, said),
        ["429"] = said => ApiAnswers.Status(429, said, ("Retry-After", "60")),
        ["500"] = said => ApiAnswers.Status(500, said),
        ["long"] = said => ApiAnswers.Status(500, string.Concat(Enumerable.Repeat(said, 200))),
        ["padded"] = said => ApiAnswers.Status(500, new string('x', ErrorText.ShownBytes - 20) + " " + said),
        ["json"] = said => ApiAnswers.Status(400, $$"""{"message":"{{said}}","access_token":"{{OpaqueToken}}"}"""),
        ["redirect"] = said => ApiAnswers.Redirect(302, "http://other.example/" + Uri.EscapeDataString(said)),
        ["redirect with a name"] = said => ApiAnswers.Redirect(302, $"http://{ApiHarness.ApiKey}.example/"),
        ["garbage"] = said => ApiAnswers.Json(said),
        ["cut"] = said => ApiAnswers.CutAfter(Encoding.UTF8.GetBytes(said), 10),
        ["dropped"] = _ => ApiAnswers.Drop(),
    };

    static IEnumerable<object[]> Leaks =>
        from mode in Quoting.Keys from method in Enum.GetNames<ApiAuthMethod>() from isToken in new[] { false, true } select new object[] { mode, method, isToken };

    [TestCaseSource(nameof(Leaks))]
    public async Task No_credential_gets_into_a_message_a_line_or_a_metric(string mode, string method, bool isTokenEndpoint)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("jwt"), Jwt);
        await using var api = await ApiHarness.StartAsync(o =>
        {
            if (method == nameof(ApiAuthMethod.Apikey))
                ApiHarness.UseApiKey(o);
            if (method == nameof(ApiAuthMethod.WorkloadIdentity))
                UseWorkload(o, folder);
        });
        var said = $"got Bearer {OpaqueToken} {OpaqueToken} x{ApiHarness.ClientSecret}y {ApiHarness.ApiKey} {Jwt} secret=hunter6";
        foreach (var path in new[] { ApiServer.Token, ApiServer.Exchange })
            api.Server.Answer(path, isTokenEndpoint ? Quoting[mode](said) : ApiAnswers.Json($$"""{"access_token":"{{OpaqueToken}}","expires_in":3600}"""));
        api.Server.Answer(ApiServer.Devices, Quoting[mode](said));
        api.Server.Answer(ApiServer.NetworkLogs, Quoting[mode](said));

        var failures = new[] { (await api.Client.ListDevicesAsync(default)).Failure!, (await api.ReadLogsAsync()).Failure!, (await api.Client.ListDevicesAsync(default)).Failure! };

        var shown = failures.Select(f => f.Message)
            .Concat(api.Log.Lines)
            .Concat(api.Meter.Series)
            .Concat(api.Client.States.All.Select(s => s.ToString()))
            .ToList();
        Assert.That(failures, Is.All.Not.Null);
        // A token that the endpoint never gave is opaque to the client: only what surrounds it can give it away.
        var credentials = isTokenEndpoint || method == nameof(ApiAuthMethod.Apikey) ? Credentials.Except([OpaqueToken, "hunter"]) : Credentials;
        foreach (var credential in credentials)
            Assert.That(shown.Where(s => s.Contains(credential, StringComparison.OrdinalIgnoreCase)), Is.Empty);
        Assert.That(shown.Where(s => s.Any(char.IsControl) && !s.EndsWith(' ')), Is.Empty);
        Assert.That(failures.Select(f => Encoding.UTF8.GetByteCount(f.Message)), Is.All.LessThan(ErrorText.ShownBytes + 600));
    }
}
