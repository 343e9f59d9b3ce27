using Tailscale2Otel.Tailscale;

namespace Tailscale2Otel.Ingest.Poll.PerDevice;

/// <summary>
/// How one pass over the devices goes, and whether to go on with it. A device that is refused (403, 404) says nothing of the others,
/// unless the first ones are all refused. Any thread.
/// </summary>
sealed class DevicePass
{
    const int RefusalsThatTell = 5;
    const int FailuresThatTell = 3;

    readonly Lock _gate = new();
    ApiFailure? _refusal;
    int _refused;
    int _missing;
    int _failed;
    int _inARow;
    bool _isOver;

    /// <summary>Devices that were answered for.</summary>
    public int Read { get; private set; }

    /// <summary>Nothing more is to be asked: no device is answered for, or the server is in trouble.</summary>
    public bool IsOver => Look(() => _isOver || IsRefused);

    /// <summary>
    /// Why nothing is to be had of any device; a single device that is not there is only gone, and a single one that is forbidden
    /// tells of the credential.
    /// </summary>
    public ApiFailure? Refusal => Look(() => IsRefused || (Read == 0 && _failed == 0 && _missing == 0) ? _refusal : null);

    /// <summary>Why the pass was cut short, or why nothing at all was read; null for a pass that went through.</summary>
    public ApiFailure? Failure => Look(() => _isOver || Read == 0 ? LastFailure : null);

    ApiFailure? LastFailure { get; set; }

    bool IsRefused => Read == 0 && _refused >= RefusalsThatTell;

    public void Answered()
    {
        lock (_gate)
        {
            Read++;
            _inARow = 0;
        }
    }

    public void Failed(ApiFailure failure)
    {
        lock (_gate)
        {
            if (failure.IsLasting)
                Refused(failure);
            else
                Stumbled(failure);
        }
    }

    T Look<T>(Func<T> what)
    {
        lock (_gate)
            return what();
    }

    void Refused(ApiFailure failure)
    {
        _refused++;
        _inARow = 0;
        if (failure.State == ApiState.ScopeDenied)
        {
            _refusal = failure;
            return;
        }

        _missing++;
        _refusal ??= failure;
    }

    void Stumbled(ApiFailure failure)
    {
        _failed++;
        LastFailure = failure;
        _isOver |= ++_inARow >= FailuresThatTell || failure.State == ApiState.CredentialRejected || failure.RetryAfter is not null;
    }
}
