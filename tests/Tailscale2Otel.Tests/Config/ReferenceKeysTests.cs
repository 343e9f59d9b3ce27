using Tailscale2Otel.Config;
using Tailscale2Otel.Hosting;

namespace Tailscale2Otel.Tests.Config;

[TestFixture]
public sealed class ReferenceKeysTests
{
    [Test]
    public void Holds_every_key_of_the_Go_project_once() => Assert.Multiple(() =>
    {
        Assert.That(ReferenceKeys.All.Select(k => k.Name).Distinct().Count(), Is.EqualTo(445));
        Assert.That(ReferenceKeys.All, Has.Count.EqualTo(445));
        Assert.That(ReferenceKeys.All.Count(k => k.IsFileOnly), Is.EqualTo(12));
        Assert.That(ReferenceKeys.All.Count(k => k.Shape == KeyShape.List), Is.EqualTo(12));
    });

    [Test]
    public void Says_why_a_key_will_never_have_an_effect()
    {
        var reasons = ReferenceKeys.All.Where(k => k.NoEffect is not null).ToDictionary(k => k.Name, k => k.NoEffect);

        Assert.That(reasons.Keys, Is.SupersetOf(new[] { "checkpoint.store", "checkpoint.file_path", "ingress_wal.enabled", "ingress_wal.corruption" }));
        Assert.That(reasons["checkpoint.store"], Does.Contain("spool"));
    }

    [Test]
    public void A_built_key_has_the_shape_that_the_Go_project_gives_it()
    {
        // One secret became several: what was a single value still is one.
        var wrong =
            from known in ReferenceKeys.All
            join option in OptionTypes.Schema.Keys.Values on known.Name equals option.Name
            let built = KnownKey.Of(option).First()
            where built.Shape != known.Shape && option.Kind != OptionKind.SecretList
            select $"{known.Name} is {built.Shape}, not {known.Shape}";

        Assert.That(wrong, Is.Empty);
    }
}
