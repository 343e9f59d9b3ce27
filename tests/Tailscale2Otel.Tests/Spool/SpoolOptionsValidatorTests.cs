using Tailscale2Otel.Spool;

namespace Tailscale2Otel.Tests.Spool;

public sealed class SpoolOptionsValidatorTests
{
    [Test]
    public void The_defaults_are_valid() => Assert.That(new SpoolOptionsValidator().Validate(null, new SpoolOptions()).Succeeded);

    [Test]
    public void Names_every_rule_that_is_broken()
    {
        var options = new SpoolOptions { Directory = "/", MaxBytes = 1_048_576, SegmentBytes = 524_289, Sync = (SpoolSync)9 };
        Assert.That(new SpoolOptionsValidator().Validate(null, options).Failures, Is.EqualTo(new[]
        {
            "spool.segment_bytes: at most half of spool.max_bytes (524288), since segments are freed whole",
            "spool.directory: a directory of its own, not the root of the file system",
            "spool.sync: always, interval or never",
        }));
    }
}
