using Tailscale2Otel.Spool.DeadLetters;

namespace Tailscale2Otel.Tests.Spool.DeadLetters;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
sealed class DeadLetterEraserTests : IDisposable
{
    readonly LetterBox _box = new();

    public void Dispose() => _box.Dispose();

    [Test]
    public void Letters_are_overwritten_where_they_stand()
    {
        _box.Add("a", new string('b', 200_000), "c");
        var length = new FileInfo(_box.File).Length;
        var dropped = DeadLetterEraser.Erase(_box.File, length, head => head.Position.Value is 100 or 200);

        Assert.That((dropped, new FileInfo(_box.File).Length), Is.EqualTo((2L, length)));
        Assert.That(_box.Words, Is.EqualTo(new[] { "c" }));
        Assert.That(File.ReadAllText(_box.File), Does.Not.Contain("bbb").And.Not.Contain("\"position\":100"));
    }

    [Test]
    public void What_was_begun_is_finished_and_the_room_given_back_by_the_next_rewriting()
    {
        _box.Add("a", "b", "c");
        using (var file = File.OpenWrite(_box.File))
            file.Write(" "u8);
        Assert.That(_box.Words, Is.EqualTo(new[] { "b", "c" }), "a letter that begins with a space is none");

        DeadLetterEraser.Erase(_box.File, new FileInfo(_box.File).Length, _ => false);
        Assert.That(File.ReadLines(_box.File).First().Trim(), Is.Empty);

        _box.Drop("b");
        Assert.That(File.ReadLines(_box.File).Count(), Is.EqualTo(1));
        Assert.That(_box.Words, Is.EqualTo(new[] { "c" }));
    }

    [Test]
    public void Nothing_behind_the_given_length_is_touched()
    {
        _box.Add("a");
        var length = new FileInfo(_box.File).Length;
        _box.Add("b");

        Assert.That(DeadLetterEraser.Erase(_box.File, length, _ => true), Is.EqualTo(1));
        Assert.That(_box.Words, Is.EqualTo(new[] { "b" }));
    }
}
