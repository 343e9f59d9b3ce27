using System.Diagnostics;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Tailscale2Otel.Redaction;
using static Tailscale2Otel.Redaction.PiiCategories;

namespace Tailscale2Otel.Tests.Redaction;

sealed class TextScrubberTests
{
    [TestCase("tcp virtual 100.64.1.2:443 -> [fd7a:115c:a1e0::1]:53 tx=1B", "tcp virtual [redacted]:443 -> [[redacted]]:53 tx=1B", TailscaleIps)]
    [TestCase("tcp virtual 100.64.1.2:443 -> 8.8.8.8:53", "tcp virtual 100.64.1.2:443 -> [redacted]:53", ExternalIps)]
    [TestCase("10.0.0.1 > 10.0.0.2.443: fe80::1.", "[redacted] > [redacted].443: [redacted].", InternalIps)]
    [TestCase("::ffff:100.64.1.2", "[redacted]", TailscaleIps)]
    [TestCase("peer:fd7a:115c:a1e0::a01, src=fd7a:115c:a1e0::1", "peer:[redacted], src=[redacted]", TailscaleIps)]
    [TestCase("ip:fe80::1 and a word:face at 12:30", "ip:[redacted] and a word:face at 12:30", InternalIps)]
    [TestCase("addr:2001:db8:fe80::1", "addr:2001:db8:fe80::1", InternalIps)]
    [TestCase("std::vector at 12:30:45, b::", "std::vector at 12:30:45, [redacted]", ExternalIps)]
    [TestCase("addr_10.0.0.1/8", "addr_[redacted]/8", InternalIps)]
    [TestCase("https://login.tailscale.com/admin/machines/100.64.1.2", "https://login.tailscale.com/admin/machines/[redacted]", TailscaleIps)]
    [TestCase("by ada@example.com, grace%40example.com and <ünal@exämple.de>.", "by [redacted], [redacted] and <[redacted]>.", Emails)]
    [TestCase("@here and a @ b", "@here and a @ b", Emails)]
    [TestCase("node nWEB1aaCNTRL of uADA1aaCNTRL", "node [redacted] of uADA1aaCNTRL", NodeIds)]
    [TestCase("node nWEB1aaCNTRL of uADA1aaCNTRL", "node nWEB1aaCNTRL of [redacted]", UserIds)]
    [TestCase("100.64.1.2 ada@example.com nWEB1aaCNTRL", "100.64.1.2 ada@example.com nWEB1aaCNTRL", Hostnames)]
    public void Finds_what_shows_by_its_form_what_it_is(string text, string expected, object off) =>
        Assert.That(Scrub(text, (PiiCategories)off), Is.EqualTo(expected));

    [TestCase("Node web-1.ts.net created", "Node [redacted] created", "web-1.ts.net")]
    [TestCase("Node WEB-1 created", "Node [redacted] created", "web-1.ts.net")]
    [TestCase("web web-1 web-10 xweb-1 web-1!", "web [redacted] web-10 xweb-1 [redacted]!", "web-1")]
    [TestCase("ada and ada lovelace", "[redacted] and [redacted]", "ada", "ada lovelace")]
    [TestCase("ababab", "ababab", "ab")]
    [TestCase("a-a-a", "[redacted]-[redacted]-[redacted]", "a")]
    [TestCase("redacted web-1", "[redacted] [redacted]", "redacted", "web-1")]
    [TestCase("name", "[redacted]", "unverified:name")]
    public void Finds_removed_values_whole_the_longest_of_two(string text, string expected, params string[] removed) =>
        Assert.That(Scrub(text, Hostnames, removed), Is.EqualTo(expected));

    [Test]
    public void A_text_without_findings_is_the_same_memory()
    {
        var text = Encoding.UTF8.GetBytes("nothing here");

        Assert.That(new TextScrubber(SomeFilter.Off(Ips)).Scrub(text, new RemovedValues()) == text);
    }

    [Test]
    public void A_text_that_cannot_be_searched_for_all_values_is_not_shown()
    {
        var many = Enumerable.Range(0, 10_000).Select(i => $"host-{i}").ToArray();

        Assert.That(Scrub("harmless", Hostnames, many), Is.EqualTo("[redacted]"));
    }

    [TestCase("@")]
    [TestCase("a%40")]
    [TestCase("1.")]
    [TestCase(":")]
    [TestCase("acntrl")]
    [TestCase("a:1.")]
    [TestCase("v0")]
    public void Time_is_linear_in_the_text(string pattern)
    {
        var text = string.Concat(Enumerable.Repeat(pattern, 200_000));
        var clock = Stopwatch.StartNew();

        _ = Scrub(text, Ips | Emails | NodeIds | UserIds, [.. Enumerable.Range(0, 100).Select(i => $"v{i}")]);

        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(20)));
    }

    [Test]
    public void A_planted_value_never_stays() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), ArbMap.Default.ArbFor<string>(), (before, after) =>
        {
            var text = $"{before} 100.64.7.9 {after},plant@example.com {before}(planted-host) {after}";
            var scrubbed = Scrub(text, Ips | Emails, "planted-host");
            return !scrubbed.Contains("100.64.7.9", StringComparison.Ordinal) && !scrubbed.Contains("plant@example.com", StringComparison.Ordinal)
                && !scrubbed.Contains("planted-host", StringComparison.Ordinal);
        }).QuickCheckThrowOnFailure();

    static string Scrub(string text, PiiCategories off, params string[] removed)
    {
        var values = new RemovedValues();
        foreach (var value in removed)
            values.Add(Encoding.UTF8.GetBytes(value), isName: true);
        return Encoding.UTF8.GetString(new TextScrubber(SomeFilter.Off(off)).Scrub(Encoding.UTF8.GetBytes(text), values));
    }
}
