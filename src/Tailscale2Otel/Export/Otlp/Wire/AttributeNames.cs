namespace Tailscale2Otel.Export.Otlp.Wire;

/// <summary>
/// The names of the attributes of the log record under way, read back from what was written. OTLP wants each of them once, and names
/// from outside may repeat ours or each other; only records that have such names pay for it.
/// </summary>
sealed class AttributeNames
{
    /// <summary>What is kept from record to record.</summary>
    const int UsualNames = 1024;

    readonly ProtobufBuffer _buffer;
    readonly HashSet<(int Start, int Length)> _names;
    int _known;

    public AttributeNames(ProtobufBuffer buffer)
    {
        _buffer = buffer;
        _names = new HashSet<(int Start, int Length)>(new ByText(buffer));
    }

    /// <param name="record">Where the fields of the record begin.</param>
    public void Begin(int record)
    {
        _known = record;
        if (_names.Count == 0)
            return;

        _names.Clear();
        if (_names.EnsureCapacity(0) > UsualNames)
            _names.TrimExcess();
    }

    /// <summary>Takes note of what was written since the last call; false when a name in it was there before.</summary>
    public bool TryLearn()
    {
        var isNew = true;
        while (_known < _buffer.Length)
        {
            var tag = _buffer.Span[_known++];
            if (tag == FieldTags.RecordSeverityNumber)
            {
                _known++;
                continue;
            }

            var size = tag is FieldTags.RecordTime or FieldTags.RecordObservedTime ? 8 : Varint(ref _known);
            if (tag == FieldTags.RecordAttribute)
            {
                var name = _known + 1;
                var length = Varint(ref name);
                isNew &= _names.Add((name, length));
            }

            _known += size;
        }

        return isNew;
    }

    /// <summary>The buffer was cut to its present length.</summary>
    public void Forget() => _known = _buffer.Length;

    int Varint(ref int at)
    {
        var bytes = _buffer.Span;
        var value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = bytes[at++];
            value |= (part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }
    }

    sealed class ByText(ProtobufBuffer buffer) : IEqualityComparer<(int Start, int Length)>
    {
        public bool Equals((int Start, int Length) a, (int Start, int Length) b) =>
            buffer.Span.Slice(a.Start, a.Length).SequenceEqual(buffer.Span.Slice(b.Start, b.Length));

        public int GetHashCode((int Start, int Length) name)
        {
            // Seeded for each process: a sender chooses the names.
            var hash = default(HashCode);
            hash.AddBytes(buffer.Span.Slice(name.Start, name.Length));
            return hash.ToHashCode();
        }
    }
}
