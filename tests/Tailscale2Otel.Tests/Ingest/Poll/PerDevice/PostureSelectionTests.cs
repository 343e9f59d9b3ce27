using Tailscale2Otel.Ingest.Poll.PerDevice;
using Tailscale2Otel.Model.Devices;

namespace Tailscale2Otel.Tests.Ingest.Poll.PerDevice;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class PostureSelectionTests
{
    static readonly DevicePosture Posture = new(
    [
        Text("node:os", "linux"), Text("node:osVersion", "6.12"), Text("node:tsVersion", "1.96.2"), Text("node:tsReleaseTrack", "stable"),
        new PostureAttribute("node:tsAutoUpdate", null, null, true, null), Text("node:tsStateEncrypted", "false"),
        Text("intune:complianceState", "compliant"), new PostureAttribute("custom:riskScore", null, 7, null, DateTimeOffset.UnixEpoch), Text("bare", "x"),
    ]);

    int _leftOut;

    [Test]
    public void Keeps_what_the_client_says_of_itself()
    {
        Assert.That(Selection().Of(Posture) with { Attributes = [] }, Is.EqualTo(new PostureFacts([])
        {
            Os = "linux",
            OsVersion = "6.12",
            ClientVersion = "1.96.2",
            ReleaseTrack = "stable",
            AutoUpdate = true,
            StateEncrypted = false,
        }));
        Assert.That(Selection().Of(new DevicePosture([])) with { Attributes = [] }, Is.EqualTo(new PostureFacts([])));
    }

    [TestCase("", "")]
    [TestCase("intune", "intune:complianceState")]
    [TestCase("custom,jamf", "custom:riskScore")]
    [TestCase("Intune,in,bare", "")]
    [TestCase("*", "bare,custom:riskScore,intune:complianceState,node:os,node:osVersion,node:tsAutoUpdate,node:tsReleaseTrack,node:tsStateEncrypted,node:tsVersion")]
    public void Keeps_the_attributes_of_the_namespaces(string namespaces, string expected) =>
        Assert.That(string.Join(',', Selection(namespaces.Split(',')).Of(Posture).Attributes.Select(a => a.Key)), Is.EqualTo(expected));

    [Test]
    public void Keeps_no_more_than_the_limit_and_always_the_same()
    {
        var many = Enumerable.Range(100, 100).Select(i => Text($"custom:{i}", "x")).ToArray();
        var first = Selection("custom").Of(new DevicePosture(many)).Attributes;
        Array.Reverse(many);

        Assert.That(first, Has.Count.EqualTo(64));
        Assert.That(_leftOut, Is.EqualTo(36));
        Assert.That(Selection("custom").Of(new DevicePosture(many)).Attributes, Is.EqualTo(first));
    }

    [Test]
    public void Cuts_long_names_and_texts()
    {
        var cut = Selection("custom").Of(new DevicePosture([Text("custom:" + new string('k', 500), new string('v', 100_000)), Text("custom:" + new string('k', 600), "b"), Text("node:os", new string('o', 500))]));

        Assert.That(cut.Attributes, Has.Count.EqualTo(1), "two that cannot be told apart any more would be one series");
        Assert.That(cut.Attributes[0].Key, Has.Length.EqualTo(128).And.EndsWith("k…[truncated]"));
        Assert.That(cut.Attributes[0].Text, Has.Length.EqualTo(128));
        Assert.That(Selection().Of(new DevicePosture([Text("node:os", string.Concat(Enumerable.Repeat("😀", 100)))])).Os, Has.Length.LessThanOrEqualTo(128).And.EndsWith("😀…[truncated]"));
    }

    static PostureAttribute Text(string key, string text) => new(key, text, null, null, null);

    PostureSelection Selection(params string[] namespaces) => new(namespaces, count => _leftOut = count);
}
