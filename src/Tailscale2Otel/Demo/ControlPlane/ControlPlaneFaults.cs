namespace Tailscale2Otel.Demo.ControlPlane;

/// <summary>What shall go wrong with coming requests. Thread-safe.</summary>
sealed class ControlPlaneFaults
{
    readonly Lock _gate = new();
    readonly List<(ApiEndpoint? Endpoint, ControlPlaneFault Fault)> _next = [];
    readonly List<(ApiEndpoint? Endpoint, ControlPlaneFault Fault, double Probability, Random Random)> _sometimes = [];

    /// <summary>Faults that wait for their request.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
                return _next.Count;
        }
    }

    /// <summary>For the next requests, in the order of the calls.</summary>
    /// <param name="endpoint">Null is every endpoint.</param>
    public void Next(ApiEndpoint? endpoint, ControlPlaneFault fault, int times = 1)
    {
        lock (_gate)
            _next.AddRange(Enumerable.Repeat((endpoint, fault), times));
    }

    /// <summary>For some of the requests from now on; the same seed chooses the same ones of a sequence.</summary>
    /// <param name="endpoint">Null is every endpoint.</param>
    public void Sometimes(ApiEndpoint? endpoint, ControlPlaneFault fault, double probability, int seed = 1)
    {
        lock (_gate)
            _sometimes.Add((endpoint, fault, probability, new Random(seed)));
    }

    public void Clear()
    {
        lock (_gate)
        {
            _next.Clear();
            _sometimes.Clear();
        }
    }

    /// <summary>The fault for a request; null when nothing goes wrong with it.</summary>
    public ControlPlaneFault? Take(ApiEndpoint endpoint)
    {
        lock (_gate)
        {
            var at = _next.FindIndex(n => n.Endpoint is null || n.Endpoint == endpoint);
            if (at >= 0)
            {
                var fault = _next[at].Fault;
                _next.RemoveAt(at);
                return fault;
            }

            foreach (var chance in _sometimes.Where(s => s.Endpoint is null || s.Endpoint == endpoint))
            {
                if (chance.Random.NextDouble() < chance.Probability)
                    return chance.Fault;
            }

            return null;
        }
    }
}
