using Tailscale2Otel.Model;
using Tailscale2Otel.Tailscale;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Tailscale;

public sealed class ApiAuthRulesTests
{
    [Test]
    public void No_credential_at_all_is_nothing_wrong([Values("Oauth", "Apikey", "WorkloadIdentity")] string method) => Assert.That(Failures(new ApiAuthOptions { Method = Enum.Parse<ApiAuthMethod>(method) }), Is.Empty);

    [Test]
    public void Each_method_is_fine_with_its_own_values()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("jwt"), "x");

        Assert.That(Failures(new ApiAuthOptions { Oauth = { ClientSecret = new Secret("tskey-client-x") } }), Is.Empty);
        Assert.That(Failures(new ApiAuthOptions { Method = ApiAuthMethod.Apikey, Apikey = new Secret("tskey-api-x") }), Is.Empty);
        Assert.That(Failures(new ApiAuthOptions { Method = ApiAuthMethod.WorkloadIdentity, WorkloadIdentity = { ClientId = "c", IdTokenFile = folder.File("jwt") } }), Is.Empty);
    }

    [Test]
    public void Values_of_another_method_are_told_with_what_is_missing()
    {
        Assert.That(Failures(new ApiAuthOptions { Apikey = new Secret("tskey-api-x") }), Is.EqualTo(new[]
        {
            "tailnets[0].auth.method: oauth needs tailnets[0].auth.oauth.client_secret, but set is tailnets[0].auth.apikey; set that, or another method",
        }));
        Assert.That(Failures(new ApiAuthOptions { Method = ApiAuthMethod.Apikey, Oauth = { ClientId = "c", ClientSecret = new Secret("s") } }).Single(), Does.Contain("apikey needs tailnets[0].auth.apikey, but set is tailnets[0].auth.oauth.client_id and tailnets[0].auth.oauth.client_secret;"));
        Assert.That(Failures(new ApiAuthOptions { Method = ApiAuthMethod.WorkloadIdentity, WorkloadIdentity = { ClientId = "c" } }).Single(), Does.Contain("workload_identity needs tailnets[0].auth.workload_identity.id_token_file"));
        Assert.That(Failures(new ApiAuthOptions { Oauth = { ClientId = "c" } }).Single(), Does.Contain("oauth needs tailnets[0].auth.oauth.client_secret"));
    }

    [Test]
    public void A_workload_needs_its_id_and_a_file_that_can_be_read()
    {
        using var folder = new TemporaryFolder();

        Assert.That(Failures(new ApiAuthOptions { Method = ApiAuthMethod.WorkloadIdentity, WorkloadIdentity = { IdTokenFile = folder.File("gone") } }), Is.EqualTo(new[]
        {
            "tailnets[0].auth.workload_identity.client_id: must be set for the method workload_identity",
            "tailnets[0].auth.workload_identity.id_token_file: must be a file that can be read",
        }));
        Assert.That(Failures(new ApiAuthOptions { Method = ApiAuthMethod.WorkloadIdentity, WorkloadIdentity = { ClientId = "c", IdTokenFile = folder.Path } }), Has.Length.EqualTo(1), "a folder");
    }

    [TestCase("two words")]
    [TestCase("line\nbreak")]
    [TestCase("ümlaut")]
    public void A_credential_is_one_word(string secret)
    {
        Assert.That(Failures(new ApiAuthOptions { Method = ApiAuthMethod.Apikey, Apikey = new Secret(secret) }).Single(), Is.EqualTo("tailnets[0].auth.apikey: printable ASCII without white space"));
        Assert.That(Failures(new ApiAuthOptions { Oauth = { ClientSecret = new Secret(secret) } }).Single(), Is.EqualTo("tailnets[0].auth.oauth.client_secret: printable ASCII without white space"));
    }

    static string[] Failures(ApiAuthOptions auth) => [.. ApiAuthRules.Failures("tailnets[0].auth", auth)];
}
