using System.Text;
using Tailscale2Otel.Processing.Audit;

namespace Tailscale2Otel.Tests.Processing.Audit;

public sealed class AuditVocabularyTests
{
    [TestCase("ACL", "acl")]
    [TestCase("KEY_EXPIRY", "key_expiry")]
    [TestCase("KEY_EXPIRY_TIME", "key_expiry")]
    [TestCase("EXIT_NODE", "exit_node")]
    [TestCase("NETWORK_FLOW_LOGGING", "network_flow_logging")]
    [TestCase("LOG_EXIT_FLOWS", "exit_flow_logging")]
    [TestCase("TKA", "tailnet_lock")]
    [TestCase("USER_ROLE", "user_role")]
    [TestCase("MACHINE_APPROVAL_NEEDED", "machine_approval")]
    [TestCase("USER_APPROVAL_REQUIRED", "user_approval")]
    [TestCase("POSTURE_INTEGRATION", "posture_integration")]
    [TestCase("COLLECT_POSTURE_IDENTITY", "collect_posture_identity")]
    [TestCase("AUTH_PROVIDER", "auth_provider")]
    [TestCase("MAGIC_DNS", "magic_dns")]
    [TestCase("DNS_CONFIG", "dns_config")]
    [TestCase("LOGSTREAM_ENDPOINT", "logstream_endpoint")]
    [TestCase("MAX_KEY_DURATION", "key_duration")]
    [TestCase("FILE_SHARING", "file_sharing")]
    [TestCase("HTTPS", "https")]
    [TestCase("SCIM", "scim")]
    [TestCase("SUBSCRIBED_EVENTS", "webhook_subscription")]
    [TestCase("SECURITY_EMAIL", "security_contact")]
    [TestCase("NODE_SHARE", "node_share")]
    [TestCase("TAILNET_INVITE", "tailnet_invite")]
    [TestCase("SECRET", "secret")]
    [TestCase("acl", "acl")]
    [TestCase("ACL_TAGS", null)]
    [TestCase("MACHINE_NAME", null)]
    [TestCase("SOMETHING_NEW", null)]
    [TestCase("", null)]
    public void Properties_have_their_category(string property, string? category) =>
        Assert.That(Category("TAILNET", "UPDATE", property), Is.EqualTo(category));

    [TestCase("NODE", "CREATE", "device")]
    [TestCase("NODE", "DELETE", "device")]
    [TestCase("NODE", "EXPIRED", "device")]
    [TestCase("NODE", "REVOKE", null)]
    [TestCase("NODE", "UPDATE", null)]
    [TestCase("API_KEY", "CREATE", "api_key")]
    [TestCase("API_KEY", "DELETE", "api_key")]
    [TestCase("API_KEY", "REVOKE", "api_key")]
    [TestCase("API_KEY", "EXPIRED", null)]
    [TestCase("USER", "CREATE", null)]
    [TestCase("", "CREATE", null)]
    public void Lifecycles_of_devices_and_keys_are_changes(string type, string action, string? category) =>
        Assert.That(Category(type, action, ""), Is.EqualTo(category));

    [Test]
    public void A_property_goes_before_a_lifecycle() => Assert.That(Category("NODE", "CREATE", "EXIT_NODE"), Is.EqualTo("exit_node"));

    [Test]
    public void Vocabularies_are_as_long_as_documented()
    {
        Assert.That(AuditVocabulary.Actions, Has.Count.EqualTo(23));
        Assert.That(AuditVocabulary.Origins, Has.Count.EqualTo(9));
        Assert.That(AuditVocabulary.ActorTypes, Has.Count.EqualTo(8));
        Assert.That(AuditVocabulary.Categories, Has.Count.EqualTo(25));
        Assert.That(AuditVocabulary.Properties, Has.Count.EqualTo(45));
    }

    [TestCase("LOGIN", "LOGIN")]
    [TestCase("login", "LOGIN")]
    [TestCase("MIGRATE_AUTH_PROVIDER", "MIGRATE_AUTH_PROVIDER")]
    [TestCase("DISCONNECT_NODE", "other")]
    [TestCase("", "other")]
    [TestCase("LOGIN ", "other")]
    [TestCase("\uFFFD", "other")]
    [TestCase("A_VALUE_THAT_IS_MUCH_LONGER_THAN_ANY_THAT_ANYBODY_EVER_DOCUMENTED_ANYWHERE", "other")]
    public void What_is_not_in_a_vocabulary_is_other(string value, string closed) =>
        Assert.That(AuditVocabulary.Closed(AuditVocabulary.Actions, Encoding.UTF8.GetBytes(value)), Is.EqualTo(closed));

    [Test]
    public void Bytes_that_are_not_text_are_other() => Assert.That(AuditVocabulary.Closed(AuditVocabulary.Actions, [0xFF, 0xC0]), Is.EqualTo("other"));

    static string? Category(string type, string action, string property) =>
        AuditVocabulary.Category(Encoding.UTF8.GetBytes(type), action, Encoding.UTF8.GetBytes(property));
}
