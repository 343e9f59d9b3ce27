using Tailscale2Otel.Model;
using Tailscale2Otel.Processing.Deduplication;

namespace Tailscale2Otel.Tests.Processing.Deduplication;

public sealed class KeyTableTests
{
    [Test]
    public void Behaves_like_a_dictionary_and_a_queue_under_random_adds_and_removals()
    {
        var random = new Random(11);
        var table = new KeyTable(5000);
        var queue = new Queue<OwnedKey>();
        var map = new Dictionary<ContentKey, long>();
        for (var i = 0; i < 50_000; i++)
        {
            // Few distinct low words, so that probes are long and removal has to shift.
            var key = new ContentKey((ulong)random.Next(6000), (ulong)random.Next(40));
            Assert.That(table.TryFind(key, out var position), Is.EqualTo(map.TryGetValue(key, out var expected)));
            Assert.That(position, Is.EqualTo(expected));
            if (map.ContainsKey(key))
                continue;

            if (queue.Count == 5000 || (queue.Count > 0 && random.Next(8) == 0))
            {
                var oldest = queue.Dequeue();
                Assert.That(table.Oldest, Is.EqualTo(oldest));
                map.Remove(new ContentKey(oldest.High, oldest.Low));
                table.RemoveOldest();
            }

            var owned = new OwnedKey(key.High, key.Low, i + 1, (uint)i);
            table.Add(owned);
            queue.Enqueue(owned);
            map.Add(key, i + 1);
            Assert.That(table.Count, Is.EqualTo(queue.Count));
        }

        Assert.That(Enumerable.Range(0, table.Count).Select(i => table[i]), Is.EqualTo(queue));
    }

    [Test]
    public void Is_small_when_idle_and_about_41_bytes_a_key_when_full()
    {
        var table = new KeyTable(1_000_000);
        Assert.That(table.Memory, Is.LessThan(42_000));
        for (ulong i = 0; i < 1_000_000; i++)
            table.Add(new OwnedKey(i, i * 0x9E3779B97F4A7C15, (long)i, 0));
        Assert.That(table.IsFull);
        Assert.That(table.Memory / 1e6, Is.EqualTo(40.6).Within(0.1));
    }
}
