using System.Buffers;
using System.Text;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Redaction;

/// <summary>
/// Between the processors and the exporter while a category is off. A record is held until its end, since its body may come
/// before the attribute whose value must not be in it; memory is that of the largest record, and given back after an unusual one.
/// </summary>
sealed class RedactingLogWriter : LogWriter
{
    const int KeptCapacity = 1024 * 1024;

    /// <summary>Their bodies are put together from attributes; those of other events are free text.</summary>
    static readonly Utf8Name[] Composed = [LogAttributes.FlowEvent, LogAttributes.AuditEvent];

    readonly Redactor _redactor;
    readonly TextScrubber _scrubber;
    readonly JsonRedactor _json;
    readonly RemovedValues _values = new();
    readonly List<HeldField> _fields = [];
    ArrayBufferWriter<byte> _bytes = new();
    ArrayBufferWriter<byte> _rewritten = new();
    LogWriter? _inner;
    LogHeader _header;

    public RedactingLogWriter(Redactor redactor)
    {
        _redactor = redactor;
        _scrubber = new TextScrubber(redactor);
        _json = new JsonRedactor(redactor, _scrubber);
    }

    /// <summary>Writes to this one from now on; between two records.</summary>
    public RedactingLogWriter Over(LogWriter inner)
    {
        _inner = inner;
        return this;
    }

    public override void Begin(in LogHeader header)
    {
        _header = header;
        _fields.Clear();
        _bytes.ResetWrittenCount();
    }

    public override void Body(ReadOnlySpan<byte> utf8) => Hold(HeldKind.Body, null, default, utf8);

    public override void JsonBody(ReadOnlySpan<byte> json) => Hold(HeldKind.JsonBody, null, default, json);

    public override void Add(Utf8Name key, ReadOnlySpan<byte> utf8) => Hold(HeldKind.Text, key, default, utf8);

    public override void Add(Utf8Name key, long value) => _fields.Add(new HeldField(HeldKind.Long, key, default, default, value));

    public override void Add(Utf8Name key, double value) => _fields.Add(new HeldField(HeldKind.Double, key, default, default, BitConverter.DoubleToInt64Bits(value)));

    public override void Add(Utf8Name key, bool value) => _fields.Add(new HeldField(HeldKind.Bool, key, default, default, value ? 1 : 0));

    public override void AddJson(ReadOnlySpan<byte> key, ReadOnlySpan<byte> json) => Hold(HeldKind.Json, null, key, json);

    public override void Mention(ReadOnlySpan<byte> json) => Hold(HeldKind.Mention, null, default, json);

    public override void End()
    {
        Judge();
        _inner!.Begin(_header);
        foreach (var field in _fields)
            Write(_inner, field);
        _inner.End();
        Trim();
    }

    void Hold(HeldKind kind, Utf8Name? key, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (!value.IsEmpty)
            _fields.Add(new HeldField(kind, key, Keep(name), Keep(value)));
    }

    Range Keep(ReadOnlySpan<byte> bytes)
    {
        var start = _bytes.WrittenCount;
        _bytes.Write(bytes);
        return start.._bytes.WrittenCount;
    }

    /// <summary>Decides what goes, so that all of it is known when the first text is searched for it.</summary>
    void Judge()
    {
        _values.Clear();
        var subjects = new Subjects(KindOf(LogAttributes.ActorType), KindOf(LogAttributes.TargetType));
        for (var i = 0; i < _fields.Count; i++)
            _fields[i] = _fields[i] with { Verdict = Judge(_fields[i], subjects) };
    }

    Verdict Judge(in HeldField field, Subjects subjects)
    {
        var value = Bytes(field.Value);
        switch (field.Kind)
        {
            case HeldKind.Text:
                var rule = AttributeRules.Of(field.Key!.Text);
                var verdict = _redactor.Decide(rule, value, subjects);
                if (verdict == Verdict.Remove)
                    _values.Add(value, isName: rule.Kind is AttributeKind.NodeName or AttributeKind.TargetName);
                else if (verdict == Verdict.Scrub && IsJson(value))
                    _ = _json.TryCollect(value, rule, _values);
                return verdict;
            case HeldKind.Long or HeldKind.Double or HeldKind.Bool:
                return _redactor.IsOff(AttributeRules.Of(field.Key!.Text).Categories) ? Verdict.Remove : Verdict.Keep;
            case HeldKind.Json:
                return JudgeJson(field);
            case HeldKind.JsonBody or HeldKind.Mention:
                return _json.TryCollect(value, AttributeRule.Unregistered, _values) ? Verdict.Scrub : Verdict.Remove;
            default:
                return !Composed.Contains(_header.EventName) && _redactor.IsOff(PiiCategories.FreeTextDetails) ? Verdict.Remove : Verdict.Scrub;
        }
    }

    Verdict JudgeJson(in HeldField field)
    {
        var rule = RuleOf(field);
        if (!_json.TryCollect(Bytes(field.Value), rule, _values))
            return Verdict.Remove;

        // Only a value that is wholly removed leaves nothing to write, and a sender's name may be somebody's.
        return _redactor.IsOff(rule.Categories) || !TryRewrite(Bytes(field.Value), rule, out _) ? Verdict.Remove : Verdict.Scrub;
    }

    void Write(LogWriter inner, in HeldField field)
    {
        var value = Bytes(field.Value);
        switch (field.Kind)
        {
            case HeldKind.Body:
                inner.Body(field.Verdict == Verdict.Remove ? Redactor.MarkerUtf8 : _scrubber.Scrub(value, _values));
                break;
            case HeldKind.JsonBody:
                WriteJsonBody(inner, field);
                break;
            case HeldKind.Mention:
            case var _ when field.Verdict == Verdict.Remove:
                break;
            case HeldKind.Text:
                WriteText(inner, field, value);
                break;
            case HeldKind.Long:
                inner.Add(field.Key!, field.Bits);
                break;
            case HeldKind.Double:
                inner.Add(field.Key!, BitConverter.Int64BitsToDouble(field.Bits));
                break;
            case HeldKind.Bool:
                inner.Add(field.Key!, field.Bits != 0);
                break;
            default:
                var name = Bytes(field.Name);
                if (_scrubber.Scrub(name, _values).SequenceEqual(name) && TryRewrite(value, RuleOf(field), out var rewritten))
                    inner.AddJson(name, rewritten);
                break;
        }
    }

    void WriteText(LogWriter inner, in HeldField field, ReadOnlySpan<byte> value)
    {
        if (field.Verdict == Verdict.Keep)
            inner.Add(field.Key!, value);
        else if (IsJson(value) && TryRewrite(value, AttributeRules.Of(field.Key!.Text), out var rewritten))
            inner.Add(field.Key!, rewritten);
        else
            inner.Add(field.Key!, _scrubber.Scrub(value, _values));
    }

    void WriteJsonBody(LogWriter inner, in HeldField field)
    {
        if (field.Verdict == Verdict.Scrub && TryRewrite(Bytes(field.Value), AttributeRule.Unregistered, out var rewritten))
            inner.JsonBody(rewritten);
        else
            inner.Body(Redactor.MarkerUtf8);
    }

    /// <param name="rewritten">Good until the next call.</param>
    bool TryRewrite(ReadOnlySpan<byte> json, AttributeRule rule, out ReadOnlySpan<byte> rewritten)
    {
        _rewritten.ResetWrittenCount();
        var isWritten = _json.TryWrite(json, rule, _values, _rewritten);
        rewritten = _rewritten.WrittenSpan;
        return isWritten && !rewritten.SequenceEqual("\"[redacted]\""u8);
    }

    /// <summary>What senders call like one of our own attributes is as personal; that ours is harmless says nothing about theirs.</summary>
    AttributeRule RuleOf(in HeldField field)
    {
        var name = Encoding.UTF8.GetString(Bytes(field.Name));
        if (!AttributeRules.All.TryGetValue(name, out var rule))
            rule = JsonMembers.Find("", name) ?? AttributeRule.Unregistered;
        return rule.Kind == AttributeKind.Safe || Redactor.IsWordKind(rule.Kind) ? AttributeRule.Unregistered : rule;
    }

    SubjectKind KindOf(Utf8Name type)
    {
        foreach (var field in _fields)
        {
            if (ReferenceEquals(field.Key, type))
                return Subjects.KindOf(Bytes(field.Value));
        }

        return SubjectKind.Unknown;
    }

    ReadOnlySpan<byte> Bytes(Range range) => _bytes.WrittenSpan[range];

    static bool IsJson(ReadOnlySpan<byte> value) => value[0] is (byte)'{' or (byte)'[';

    void Trim()
    {
        _scrubber.Trim(KeptCapacity);
        if (_bytes.Capacity > KeptCapacity)
            _bytes = new ArrayBufferWriter<byte>();
        if (_rewritten.Capacity > KeptCapacity)
            _rewritten = new ArrayBufferWriter<byte>();
    }
}
