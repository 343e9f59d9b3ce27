using Tailscale2Otel.Hosting.Tailnets;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Hosting.Tailnets;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
sealed class TailnetFoldersTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    [TestCase("")]
    [TestCase("a.example")]
    public void The_only_tailnet_stays_where_it_was(string name) => Assert.That(Open(name).Of(name), Is.EqualTo(_folder.Path));

    [Test]
    public void Who_was_there_first_stays_whatever_the_order_becomes()
    {
        Open("a.example");
        var several = Open("b.example");

        Assert.That(several.Of("a.example"), Is.EqualTo(_folder.Path));
        Assert.That(several.Of("b.example"), Is.EqualTo(Open("c.example").Of("b.example")).And.Not.EqualTo(_folder.Path));
        Assert.That(several.Of("b.example"), Is.Not.EqualTo(several.Of("c.example")));
    }

    [Test]
    public void A_name_that_is_no_file_name_makes_a_folder_all_the_same()
    {
        var folder = Open("").Of("../../etc/ä b");

        Assert.That(Path.GetDirectoryName(folder), Is.EqualTo(_folder.Path));
        Assert.That(Path.GetFileName(folder), Does.Match("^tailnet-[0-9a-f]{16}$"));
    }

    [Test]
    public void The_note_is_flushed_once()
    {
        var flushed = new List<string>();
        TailnetFolders.Open(_folder.Path, "a", flushed.Add);
        TailnetFolders.Open(_folder.Path, "b", flushed.Add);

        Assert.That(flushed, Is.EqualTo(new[] { _folder.Path }));
    }

    public void Dispose() => _folder.Dispose();

    TailnetFolders Open(string first) => TailnetFolders.Open(_folder.Path, first, _ => { });
}
