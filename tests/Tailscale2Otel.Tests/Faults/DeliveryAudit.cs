using System.Buffers.Binary;
using System.Security.Cryptography;
using Google.Protobuf;
using OpenTelemetry.Proto.Logs.V1;
using Tailscale2Otel.Tests.Architecture;
using Tailscale2Otel.Tests.Support;

namespace Tailscale2Otel.Tests.Faults;

/// <summary>
/// What of the sent flow records a backend kept, and whether each repeat is one of those that no protocol can avoid: its first
/// copy was in a request whose answer was lost, or in flight when its process was killed. For any thread.
/// </summary>
sealed class DeliveryAudit(SentRecords sent, int maxInFlight)
{
    readonly Lock _gate = new();
    readonly Dictionary<string, KeptRecord> _byUid = [];
    readonly Dictionary<int, string> _uidOf = [];
    readonly Dictionary<int, KeptRequest> _requests = [];
    readonly Dictionary<int, int> _requestsOf = [];
    readonly HashSet<int> _killed = [];
    readonly List<(string Uid, KeptRequest Before, KeptRequest Again)> _repeats = [];
    readonly List<string> _violations = [];
    readonly HashSet<int> _refused = [];
    HashSet<int> _awaited = [];

    /// <summary>Different records that arrived.</summary>
    public int Arrived
    {
        get
        {
            lock (_gate)
                return _byUid.Count;
        }
    }

    /// <summary>See <see cref="AwaitAcknowledged"/>.</summary>
    public int Awaited
    {
        get
        {
            lock (_gate)
                return _awaited.Count;
        }
    }

    /// <summary>Log records that came when they were there already.</summary>
    public int Repeats
    {
        get
        {
            lock (_gate)
                return _repeats.Count;
        }
    }

    /// <summary>Records that the backend is going to refuse, each time and whatever is beside them.</summary>
    public IReadOnlyCollection<int> Refused => _refused;

    public void Refuse(IEnumerable<int> sequences) => _refused.UnionWith(sequences);

    public void Keep(OtlpRequest request)
    {
        if (request.Logs is null)
            return;

        lock (_gate)
        {
            var order = _requestsOf.GetValueOrDefault(request.Lifetime);
            _requestsOf[request.Lifetime] = order + 1;
            var kept = new KeptRequest { Lifetime = request.Lifetime, Order = order };
            _requests[request.Number] = kept;
            foreach (var record in request.LogRecords)
                Keep(record, kept);
        }
    }

    public void LoseAnswer(OtlpRequest request)
    {
        if (request.Logs is null)
            return;

        lock (_gate)
            _requests[request.Number].IsAnswerLost = true;
    }

    /// <summary>The process did not end by itself: what it had in flight may come again.</summary>
    public void Kill(int lifetime)
    {
        lock (_gate)
            _killed.Add(lifetime);
    }

    /// <summary>From now on <see cref="Awaited"/> says how many of the records that are acknowledged by now have not arrived.</summary>
    public void AwaitAcknowledged()
    {
        var acknowledged = sent.Acknowledged;
        lock (_gate)
            _awaited = [.. acknowledged.Where(IsMissing)];
    }

    /// <summary>Fails with everything that breaks the promise; prints what came twice.</summary>
    public void AssertHolds()
    {
        var acknowledged = sent.Acknowledged;
        Assert.That(acknowledged, Is.Not.Empty);
        lock (_gate)
        {
            var lost = acknowledged.Where(IsMissing).Select(s => $"record {s} was acknowledged and did not arrive");
            var unasked = _repeats.Select(Complaint).OfType<string>();
            Violations.None([.. _violations, .. lost, .. unasked, .. TooManyInFlight()]);
            TestContext.Out.WriteLine(
                $"{acknowledged.Count} acknowledged, {_byUid.Count} arrived, {_repeats.Count} came again from {_repeats.Select(r => r.Before).Distinct().Count()} requests; "
                + $"{_killed.Count} kills, {_requests.Values.Count(r => r.IsAnswerLost)} lost answers");
        }
    }

    bool IsMissing(int sequence) => !_uidOf.ContainsKey(sequence) && !_refused.Contains(sequence);

    void Keep(LogRecord record, KeptRequest request)
    {
        var attributes = record.Attributes();
        if (attributes.GetValueOrDefault("tailscale.flow.window.start") is not string start)
            return;

        var uid = (string)attributes["log.record.uid"]!;
        var now = new KeptRecord(FlowLoad.SequenceOf(start), BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(record.ToByteArray())), request);
        if (!sent.WasPosted(now.Sequence))
            _violations.Add($"record {now.Sequence} arrived and was never sent");
        if (_refused.Contains(now.Sequence))
            _violations.Add($"record {now.Sequence} was refused and arrived");
        if (_uidOf.TryGetValue(now.Sequence, out var other) && other != uid)
            _violations.Add($"record {now.Sequence} arrived as {other} and as {uid}");
        if (_byUid.TryGetValue(uid, out var before))
        {
            // What a killed process had sent may be read here after what the next one sent.
            var isLate = before.Request.Lifetime > request.Lifetime;
            _repeats.Add(isLate ? (uid, request, before.Request) : (uid, before.Request, request));
            if ((before.Sequence, before.Content) != (now.Sequence, now.Content))
                _violations.Add($"{uid} is record {before.Sequence} in {before.Request} and something else in {request}");
            if (isLate)
                return;
        }

        _byUid[uid] = now;
        _uidOf[now.Sequence] = uid;
        _awaited.Remove(now.Sequence);
    }

    string? Complaint((string Uid, KeptRequest Before, KeptRequest Again) repeat) =>
        repeat.Before.IsAnswerLost || (repeat.Before.Lifetime != repeat.Again.Lifetime && MayBeInFlight(repeat.Before))
            ? null
            : $"{repeat.Uid} came in {repeat.Before} and again in {repeat.Again}";

    /// <summary>
    /// Places are given in the order of the spool and are free again in that order, so that of the requests that were kept after
    /// one in flight at the kill, at most a window's worth but one was sent before it and at most as many after it. One whose answer
    /// was lost is sent again in the same place, as often as that happens, and counts once: when it is answered.
    /// </summary>
    bool MayBeInFlight(KeptRequest request) =>
        _killed.Contains(request.Lifetime)
        && _requests.Values.Count(r => r.Lifetime == request.Lifetime && r.Order >= request.Order && !r.IsAnswerLost) <= (2 * maxInFlight) - 1;

    IEnumerable<string> TooManyInFlight() =>
        from repeat in _repeats
        where !repeat.Before.IsAnswerLost
        group repeat.Before by repeat.Before.Lifetime into process
        let requests = process.Distinct().Count()
        where requests > maxInFlight
        select $"process {process.Key}: {requests} requests came again, {maxInFlight} can be in flight";
}
