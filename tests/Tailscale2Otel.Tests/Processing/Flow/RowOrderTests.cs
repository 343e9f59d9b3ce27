using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Tailscale2Otel.Processing.Flow;

namespace Tailscale2Otel.Tests.Processing.Flow;

sealed class RowOrderTests
{
    readonly FlowRecord _record = new();
    readonly RowOrder _order = new();

    [Test]
    public void Puts_the_arrays_in_the_order_of_processing_and_rows_as_nodes_do() =>
        Assert.That(
            TxBytes("""{"nodeId":"n","physicalTraffic":[{"txBytes":6}],"exitTraffic":[{"txBytes":5}],"subnetTraffic":[{"txBytes":4}],"virtualTraffic":[{"src":"100.64.0.2:1","txBytes":3},{"proto":17,"src":"100.64.0.1:1","txBytes":2},{"proto":6,"src":"100.64.0.1:1","txBytes":1}]}"""),
            Is.EqualTo(new ulong[] { 1, 2, 3, 4, 5, 6 }));

    [Test]
    public void Has_every_row_once_and_none_before_a_lesser_one() =>
        Prop.ForAll(SomeFlow.Gen.ToArbitrary(), ArbMap.Default.ArbFor<int>(), (flow, seed) =>
        {
            Assert.That(FlowDecoder.Decode(Encoding.UTF8.GetBytes(flow.Disguised(seed)), _record), Is.EqualTo(FlowDecodeError.None));
            var order = _order.Sort(_record).ToArray();
            Assert.That(order, Is.EquivalentTo(Enumerable.Range(0, flow.Rows.Count)));
            for (var i = 1; i < order.Length; i++)
                Assert.That(FlowRow.Compare(_record.Rows[order[i - 1]], _record.Rows[order[i]]), Is.LessThanOrEqualTo(0));
        }).QuickCheckThrowOnFailure();

    ulong[] TxBytes(string json)
    {
        Assert.That(FlowDecoder.Decode(Encoding.UTF8.GetBytes(json), _record), Is.EqualTo(FlowDecodeError.None));
        return [.. _order.Sort(_record).ToArray().Select(i => _record.Rows[i].TxBytes)];
    }
}
