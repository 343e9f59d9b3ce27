using System.Globalization;
using System.Text;
using Tailscale2Otel.Cli;
using Tailscale2Otel.Config;
using Tailscale2Otel.Hosting.Replay;
using Tailscale2Otel.Model;
using Tailscale2Otel.Spool;
using Tailscale2Otel.Tests.Spool;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Hosting.Replay;

/// <summary>A spool that a daemon holds, with records of several kinds, and replays of it.</summary>
sealed class ReplayHouse : IAsyncDisposable
{
    int _flows;

    public ReplayHouse()
    {
        Spool.Options.MaxBytes = 64 * 1024 * 1024;
        Spool.Open();
    }

    public SpoolHarness Spool { get; } = new();

    public DateTimeOffset Now => Spool.Time.GetUtcNow();

    /// <summary>The standard filling: what is told apart by time, source, signal and tailnet, an hour between one and the next.</summary>
    public async Task FillAsync()
    {
        await FlowAsync(RecordSource.Stream, "one.example");
        await AddAsync(RecordSource.Stream, RecordSignal.StreamEvent, "one.example", "\"event\"");
        await AddAsync(RecordSource.Stream, RecordSignal.RawLine, "two.example", "raw");
        await FlowAsync(RecordSource.Poll, "two.example");
    }

    public Task FlowAsync(RecordSource source = RecordSource.Stream, string tailnet = "") => AddAsync(source, RecordSignal.Flow, tailnet, Flow(_flows++));

    public async Task FlowsAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            using var batch = new SpoolAppend();
            batch.Add(RecordSource.Stream, RecordSignal.Flow, "", UnixTime.Nanoseconds(Now), default, Encoding.UTF8.GetBytes(Flow(_flows++)));
            await Spool.Spool.AppendAsync(batch, default);
        }
    }

    public async Task AddAsync(RecordSource source, RecordSignal signal, string tailnet, string payload)
    {
        using var batch = new SpoolAppend();
        batch.Add(source, signal, tailnet, UnixTime.Nanoseconds(Now), default, Encoding.UTF8.GetBytes(payload));
        await Spool.Spool.AppendAsync(batch, default);
        Spool.Time.Advance(TimeSpan.FromHours(1));
    }

    public async Task DeliverAsync(SpoolPosition? to = null) => await Spool.Spool.Cursors.DeliverAsync(to ?? Spool.Spool.End, default);

    /// <summary>The number is in the fraction of the start, with a last digit that is never zero.</summary>
    public static string Flow(int number) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"nodeId":"nCNTRL","start":"2026-07-27T12:00:00.{{number:D8}}7Z","end":"2026-07-27T12:00:05Z","virtualTraffic":[{"proto":6,"src":"100.64.0.1:50000","dst":"100.64.0.2:443","txPkts":1,"txBytes":100,"rxPkts":1,"rxBytes":50}]}""");

    public LoadedConfig Config(Uri backend, params (string Key, string Value)[] settings) =>
        DaemonVariables.Load(Spool.Folder, [("OTLP__ENDPOINT", backend.ToString()), .. settings]);

    /// <summary>Fails when the run changed a byte or a time in the directory.</summary>
    public async Task<(int Code, string Output, string Error)> RunAsync(ReplayArguments arguments, CancellationToken stop = default)
    {
        await Spool.SavedAsync();
        var before = FolderPrint.Of(Spool.Folder);
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var code = await ReplayCommand.RunAsync(arguments, output, error, stop);
        Assert.That(FolderPrint.Of(Spool.Folder), Is.EqualTo(before), "replay changes nothing");
        return (code, output.ToString(), error.ToString());
    }

    public ReplayArguments Arguments(Uri backend, params (string Key, string Value)[] settings) => new(Config(backend, settings), Spool.Folder);

    public ValueTask DisposeAsync() => Spool.DisposeAsync();
}
