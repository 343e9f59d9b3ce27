using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text;
using Tailscale2Otel.Processing.Flow;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Processing.Flow;

sealed partial class FlowDecoderTests
{
    const int Rounds = 3;

    /// <summary>Two and a half times what was measured, of the optimised code and of the code as tests build it.</summary>
    const double MostWhenOptimised = 2;
    const double MostOtherwise = 11;

    [Test]
    public void Costs_no_more_than_a_multiple_of_reading_the_JSON()
    {
        byte[][] payloads = [.. Enumerable.Range(0, 1000).Select(TenRows)];
        var isOptimised = typeof(FlowDecoder).Assembly.GetCustomAttribute<DebuggableAttribute>()?.IsJITOptimizerDisabled != true;

        var ratio = JsonWalk.Median(Enumerable.Range(0, Rounds).Select(_ => JsonWalk.Time(DecodeAll) / JsonWalk.Time(payloads)));

        TestContext.Out.WriteLine($"{ratio:F2} times reading the JSON, {(isOptimised ? "" : "not ")}optimised");
        Assert.That(ratio, Is.LessThan(isOptimised ? MostWhenOptimised : MostOtherwise));

        void DecodeAll()
        {
            foreach (var payload in payloads)
            {
                if (FlowDecoder.Decode(payload, _record) != FlowDecodeError.None)
                    Assert.Fail("not decoded");
            }
        }
    }

    static byte[] TenRows(int number)
    {
        var rows = string.Join(',', Enumerable.Range(0, 10).Select(i => string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"proto":6,"src":"100.64.{{number % 250}}.1:{{40_000 + i}}","dst":"100.100.{{i}}.{{number % 250}}:443","txPkts":{{i + 1}},"txBytes":{{number}},"rxPkts":{{i}},"rxBytes":{{number * 7}}}""")));
        return Encoding.UTF8.GetBytes($$"""{"nodeId":"n{{number}}CNTRL","start":"2026-07-27T12:00:00.{{number:D9}}Z","end":"2026-07-27T12:00:05Z","virtualTraffic":[{{rows}}]}""");
    }
}
