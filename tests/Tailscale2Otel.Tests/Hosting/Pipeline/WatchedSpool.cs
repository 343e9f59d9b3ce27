using Tailscale2Otel.Model;
using Tailscale2Otel.Spool;

namespace Tailscale2Otel.Tests.Hosting.Pipeline;

/// <summary>The real spool; moves of its cursors are noted, and wait while a test holds them.</summary>
sealed class WatchedSpool(ISpool spool, Changes changes) : ISpool
{
    readonly WatchedCursors _cursors = new(spool.Cursors, changes);

    public SpoolPosition Oldest => spool.Oldest;

    public SpoolPosition End => spool.End;

    public SpoolCursors Cursors => _cursors;

    public SpoolState State => spool.State;

    /// <summary>Moves of the delivered cursor become durable only after this.</summary>
    public Task MayDeliver
    {
        set => _cursors.MayDeliver = value;
    }

    public ValueTask<AppendResult> AppendAsync(SpoolAppend batch, CancellationToken cancellation) => spool.AppendAsync(batch, cancellation);

    public SpoolReader Read(SpoolPosition from) => spool.Read(from);

    public ValueTask DisposeAsync() => spool.DisposeAsync();

    sealed class WatchedCursors(SpoolCursors cursors, Changes changes) : SpoolCursors
    {
        public Task MayDeliver { get; set; } = Task.CompletedTask;

        public override SpoolPosition Delivered => cursors.Delivered;

        public override SpoolPosition Counted => cursors.Counted;

        public override SpoolPosition Keyed => cursors.Keyed;

        public override async ValueTask DeliverAsync(SpoolPosition position, CancellationToken cancellation)
        {
            changes.Note($"delivers {position}");
            await MayDeliver.WaitAsync(cancellation);
            await cursors.DeliverAsync(position, cancellation);
            changes.Note($"delivered {position}");
        }

        public override async ValueTask CountAsync(SpoolPosition position, CancellationToken cancellation)
        {
            await cursors.CountAsync(position, cancellation);
            changes.Note($"counted {position}");
        }

        public override async ValueTask KeyAsync(SpoolPosition position, CancellationToken cancellation)
        {
            await cursors.KeyAsync(position, cancellation);
            changes.Note($"keyed {position}");
        }
    }
}
