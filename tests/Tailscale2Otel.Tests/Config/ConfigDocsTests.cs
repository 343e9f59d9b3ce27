using Tailscale2Otel.Config;
using Tailscale2Otel.Hosting;

namespace Tailscale2Otel.Tests.Config;

[TestFixture]
public sealed class ConfigDocsTests
{
    static readonly XmlSummaries Summaries = XmlSummaries.BesideProgram()!;

    [Test]
    public void Every_key_of_the_daemon_says_what_it_means() =>
        Assert.That(OptionTypes.Schema.Sections.SelectMany(s => s.AllKeys).Where(k => Summaries.Of(k.Property).Length == 0).Select(k => k.Name), Is.Empty);

    [Test]
    public void Every_section_says_what_it_is_about() =>
        Assert.That(OptionTypes.Schema.Sections.Where(s => Summaries.Of(s.Type).Length == 0).Select(s => s.Type.Name), Is.Empty);

    [Test]
    public void A_row_says_all_about_its_key()
    {
        var page = new ConfigDocs(SampleConfig.Schema, Summaries).Write();

        Assert.Multiple(() =>
        {
            Assert.That(page, Does.Contain("| `log_level` | `TS2OTEL_LOG_LEVEL` | choice | `info` | debug, info, warn, error | Least important level that is written. |"));
            Assert.That(page, Does.Contain("| `sample.max_body_bytes` | `TS2OTEL_SAMPLE__MAX_BODY_BYTES` | bytes | `1KiB` | 0 to 1GiB |"));
            Assert.That(page, Does.Contain("| `sample.interval` | `TS2OTEL_SAMPLE__INTERVAL` | duration | `1m30s` | 1s to 1h |"));
            Assert.That(page, Does.Contain("| `sample.token`, `sample.token_file` | `TS2OTEL_SAMPLE__TOKEN` | secret |"));
            Assert.That(page, Does.Contain("| `sample.headers` | `TS2OTEL_SAMPLE__HEADERS__NAME` | map of secrets | `{}` |"));
            Assert.That(page, Does.Contain("| `sample.routes[].path` | file only | text |  | not empty |"));
            Assert.That(page, Does.Contain("`checkpoint.store`"));
        });
    }
}
