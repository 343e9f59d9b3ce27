using System.Buffers;
using Tailscale2Otel.Hosting.Listeners;

namespace Tailscale2Otel.Tests.Hosting.Listeners;

sealed class ConnectionMemoryTests
{
    readonly ConnectionMemory _memory = new();

    [OneTimeTearDown]
    public void Dispose() => _memory.Dispose();

    [Test]
    public void Gives_blocks_of_its_own_size_and_refuses_more()
    {
        using var block = _memory.Rent();
        Assert.That(block.Memory.Length, Is.EqualTo(_memory.MaxBufferSize));
        Assert.That(() => _memory.Rent(_memory.MaxBufferSize + 1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Uses_a_block_again_but_never_for_two()
    {
        var first = _memory.Rent();
        first.Dispose();
        first.Dispose();

        using var again = _memory.Rent();
        using var another = _memory.Rent();
        Assert.That(again, Is.SameAs(first));
        Assert.That(another, Is.Not.SameAs(first));
    }

    [Test]
    public void Keeps_no_more_than_its_bound()
    {
        var blocks = new List<IMemoryOwner<byte>>();
        for (var i = 0; i < 300; i++)
            blocks.Add(_memory.Rent());
        foreach (var block in blocks)
            block.Dispose();

        var kept = 0;
        for (var i = 0; i < 300; i++)
            kept += blocks.Contains(_memory.Rent()) ? 1 : 0;
        Assert.That(kept, Is.EqualTo(256));
    }
}
