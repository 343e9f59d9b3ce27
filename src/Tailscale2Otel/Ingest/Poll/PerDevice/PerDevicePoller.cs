using System.Runtime.CompilerServices;
using Tailscale2Otel.Model.Devices;
using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Ingest.Poll.PerDevice;

/// <summary>
/// Asks about one device after the other: one at a time until one is answered for, then a few at once, never faster than the pace. What
/// could not be read stays as it was; of a device that is gone or refused nothing is left. An answer that says the same of
/// every device ends the pass, and then it is asked again after an hour.
/// </summary>
/// <param name="take">Gets all that is known of the devices, by node ID, after each pass.</param>
sealed class PerDevicePoller<T>(
    PerDeviceQuestion<T> question, LatestDevices devices, Action<IReadOnlyDictionary<string, T>> take, SubrequestSeries series, TimeProvider time) : IPoller
{
    const int CallsAtOnce = 4;
    const double CallsPerSecond = 10;

    /// <summary>Between two passes of which only an operator can change the outcome.</summary>
    static readonly TimeSpan Rest = TimeSpan.FromHours(1);

    readonly PerDeviceStore<T> _store = new();

    public string Collector => question.Collector;

    public string Tailnet => question.Tailnet;

    public TimeSpan Interval => question.Interval;

    public async Task<PollResult> PollAsync(CancellationToken cancellation)
    {
        var list = await devices.GetAsync(cancellation);
        _store.Keep(list.ContainsKey);
        var queue = new Queue<Device>(_store.InTurn(list.Values.Where(question.Concerns)));
        var asked = queue.Count;
        var pass = new DevicePass();
        using var pace = new RateLimit(Math.Max(CallsPerSecond, 2 * asked / question.Interval.TotalSeconds), time);

        while (pass.Read == 0 && await NextAsync(queue, pass, pace, cancellation) is { } device)
            await AskAsync(device, pass, cancellation);
        await Parallel.ForEachAsync(
            Others(queue, pass, pace, cancellation),
            new ParallelOptions { MaxDegreeOfParallelism = CallsAtOnce, CancellationToken = cancellation },
            async (device, token) => await AskAsync(device, pass, token));
        return End(pass, asked);
    }

    async IAsyncEnumerable<Device> Others(Queue<Device> queue, DevicePass pass, RateLimit pace, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (await NextAsync(queue, pass, pace, cancellation) is { } device)
            yield return device;
    }

    /// <summary>Null when the pass is over.</summary>
    async Task<Device?> NextAsync(Queue<Device> queue, DevicePass pass, RateLimit pace, CancellationToken cancellation)
    {
        while (!pass.IsOver && queue.TryDequeue(out var device))
        {
            await pace.WaitAsync(cancellation);
            if (!pass.IsOver && devices.Has(device))
                return device;
        }

        return null;
    }

    async Task AskAsync(Device device, DevicePass pass, CancellationToken cancellation)
    {
        var result = await question.Ask(device.NodeId, cancellation);
        series.Asked();
        if (result.IsSuccess)
        {
            _store.Read(device.NodeId, result.Value!);
            pass.Answered();
            return;
        }

        series.Failed(result.Failure.State);
        if (result.Failure.IsLasting)
            _store.Refused(device.NodeId);
        else
            _store.Failed(device.NodeId);
        pass.Failed(result.Failure);
    }

    PollResult End(DevicePass pass, int asked)
    {
        series.Ended(pass.Read, asked);
        if (pass.Refusal is { } refusal)
        {
            question.Refused(refusal);
            _store.Clear();
        }

        take(_store.Values);
        return pass.Refusal is not null ? PollResult.Again(Rest)
            : pass.Failure is { } failure ? PollResult.Failed(failure)
            : PollResult.Done;
    }
}
