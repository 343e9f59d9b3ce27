using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Faults;

/// <summary>Lets the requests of each signal meet a fault, as often as is asked for and never too often one after the other.</summary>
sealed class FaultyBackend
{
    /// <summary>Number of faults that stands for no end.</summary>
    public const int Always = int.MaxValue;

    /// <summary>The next one passes, so that a run ends.</summary>
    const int MostInARow = 4;

    readonly Lock _gate = new();
    readonly Random _random;
    readonly Dictionary<string, int> _met = [];
    BackendFault _logs = BackendFault.None;
    BackendFault _metrics = BackendFault.None;
    int _oneIn = 1;
    int _most;
    int _left;
    int _row;

    public FaultyBackend(OtlpReceiver backend, Random random)
    {
        _random = random;
        backend.CutsOff = CutsOff;
        backend.Decide = Decide;
    }

    /// <summary>What happened how often.</summary>
    public string Summary
    {
        get
        {
            lock (_gate)
                return string.Join(", ", _met.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => $"{m.Value} {m.Key}"));
        }
    }

    /// <summary>The faults of the last call that were met.</summary>
    public int Met
    {
        get
        {
            lock (_gate)
                return _most - _left;
        }
    }

    /// <param name="oneIn">How many of the requests meet it.</param>
    /// <param name="most">How many of them at all.</param>
    public void Set(BackendFault logs, BackendFault metrics, int oneIn, int most)
    {
        lock (_gate)
            (_logs, _metrics, _oneIn, _left, _most, _row) = (logs, metrics, oneIn, most, most, 0);
    }

    /// <summary>No faults any more.</summary>
    public void Clear() => Set(BackendFault.None, BackendFault.None, 1, 0);

    /// <summary>Before it is known which signal this is.</summary>
    bool CutsOff()
    {
        lock (_gate)
            return (_logs == BackendFault.CutsRequests || _metrics == BackendFault.CutsRequests) && Meets(BackendFault.CutsRequests);
    }

    OtlpAnswer Decide(OtlpRequest request)
    {
        lock (_gate)
        {
            var fault = request.Logs is null ? _metrics : _logs;
            return fault != BackendFault.None && fault != BackendFault.CutsRequests && Meets(fault) ? fault.Answer(_random, request.IsGrpc)! : OtlpAnswer.Ok;
        }
    }

    bool Meets(BackendFault fault)
    {
        if (_left == 0 || (_row == MostInARow && _most < Always) || _random.Next(_oneIn) != 0)
        {
            _row = 0;
            return false;
        }

        _left--;
        _row++;
        _met[fault.Name] = _met.GetValueOrDefault(fault.Name) + 1;
        return true;
    }
}
