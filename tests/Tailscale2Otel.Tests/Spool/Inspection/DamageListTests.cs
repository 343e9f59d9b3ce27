using Tailscale2Otel.Spool;
using Tailscale2Otel.Spool.Inspection;

namespace Tailscale2Otel.Tests.Spool.Inspection;

public sealed class DamageListTests
{
    [Test]
    public void Lists_a_place_once_and_its_parts_not_at_all()
    {
        var damage = new DamageList(() => 0);
        damage.Report(SpoolDamage.Frame, "a", 10, 30, null, 0);
        damage.Report(SpoolDamage.Frame, "a", 10, 30, null, 0);
        damage.Report(SpoolDamage.Frame, "a", 15, 20, null, 0);
        damage.Report(SpoolDamage.Missing, "a", 15, 20, null, 0);
        damage.Report(SpoolDamage.Frame, "a", 20, 40, null, 0);

        Assert.That(damage.Words(), Is.EqualTo(new[] { "frame a 10-30", "missing a 15-20", "frame a 20-40" }));
    }

    [Test]
    public void A_file_that_every_cursor_has_passed_by_now_was_deleted_in_order()
    {
        var lowest = 30L;
        var damage = new DamageList(() => lowest);
        damage.Report(SpoolDamage.Missing, "a", 10, 30, null, 0);
        Assert.That((damage.IsEmpty, damage.SweptBytes), Is.EqualTo((true, 20)));
        lowest = 59;
        damage.Report(SpoolDamage.Missing, "b", 30, 60, null, 0);
        Assert.That(damage.Words(), Is.EqualTo(new[] { "missing b 30-60" }));
    }

    [Test]
    public void Counts_what_is_too_much_to_list()
    {
        var damage = new DamageList(() => 0);
        for (var i = 0; i < DamageList.Most + 3; i++)
            damage.Report(SpoolDamage.Frame, "a", 10 * i, (10 * i) + 5, null, 0);

        Assert.That((damage.Ranges.Count, damage.Unlisted), Is.EqualTo((DamageList.Most, 3)));
    }
}
