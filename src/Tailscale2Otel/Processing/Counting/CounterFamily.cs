using System.Diagnostics.Metrics;
using System.Text;
using Tailscale2Otel.Diagnostics;
using Tailscale2Otel.Redaction;

namespace Tailscale2Otel.Processing.Counting;

/// <summary>
/// Counters with the same attributes, reported by one or several instruments. The grinder adds; <see cref="Freeze"/> fixes what
/// the instruments report until the next one, so that an export carries exactly the records before the position that was
/// frozen with it. Totals are since the process started. Only the reports of the instruments may come from another thread.
/// </summary>
sealed class CounterFamily
{
    readonly string[] _attributes;
    readonly KeyValuePair<string, object?>[] _variants;
    readonly TailnetMeter _meter;
    readonly KeyValuePair<string, object?>[] _overflowTags;
    readonly int _variantCount;
    readonly int _instruments;
    readonly CounterTable _table;
    readonly ulong[] _overflow;
    readonly byte[] _scratch = new byte[CounterKey.SizeFor(3)];
    readonly KeyRedaction? _redaction;
    KeyValuePair<string, object?>[][] _tags = [];
    int _tagged;
    volatile FrozenCounters _frozen = FrozenCounters.Empty;

    /// <param name="meter">Makes the instruments, and says whose every series is.</param>
    /// <param name="attributes">Names of a key's fields.</param>
    /// <param name="variants">An attribute that tells the columns of one instrument apart, for example both directions; or none.</param>
    /// <param name="instruments">Each has one column for each variant.</param>
    /// <param name="seriesLimit">Series of one instrument at most; see <see cref="CardinalityOptions.MetricLimit"/>.</param>
    /// <param name="redactor">Takes values out of keys before they find their row, so that what becomes equal is added up; null when all may leave.</param>
    public CounterFamily(TailnetMeter meter, string[] attributes, KeyValuePair<string, object?>[] variants, int instruments, int seriesLimit, Redactor? redactor = null)
    {
        _meter = meter;
        _redaction = KeyRedaction.For(attributes, redactor);
        _overflowTags = [new("otel.metric.overflow", true), .. meter.Constant];
        _attributes = attributes;
        _variants = variants;
        _variantCount = Math.Max(variants.Length, 1);
        _instruments = instruments;
        _overflow = new ulong[instruments];
        Capacity = Math.Max((seriesLimit - 1) / _variantCount, 1);
        _table = new CounterTable(instruments * _variantCount, Capacity);
    }

    /// <summary>A family of one instrument.</summary>
    public CounterFamily(TailnetMeter meter, string name, string unit, string description, string[] attributes)
        : this(meter, attributes, [], 1, CardinalityOptions.UnlimitedSeries) => Report(0, name, unit, description);

    /// <summary>Attribute sets at most; one series more is kept for all others together.</summary>
    public int Capacity { get; }

    public int Count => _table.Count;

    /// <summary>Makes one of the instruments.</summary>
    public void Report(int instrument, string name, string unit, string description) =>
        _meter.Untagged.CreateObservableCounter(name, () => Observe(instrument), unit, description);

    /// <summary>The row of an attribute set, for <see cref="Add(int, int, ulong)"/>; <see cref="CounterTable.None"/> when there is no room.</summary>
    public int Row(ReadOnlySpan<byte> key, int spare = 0) => _table.FindOrAdd(Redact(key), spare);

    /// <summary>The key without what must not leave, as <see cref="Row"/> sees it; good until the next call.</summary>
    public ReadOnlySpan<byte> Redact(ReadOnlySpan<byte> key) => _redaction is null ? key : _redaction.Apply(key);

    /// <param name="row">Of <see cref="Row"/>; without one the amount goes to the series that stands for all others.</param>
    /// <param name="column">Instrument after instrument, each with its variants.</param>
    public void Add(int row, int column, ulong amount)
    {
        if (row != CounterTable.None)
            _table.Add(row, column, amount);
        else
            _overflow[column / _variantCount] = CounterTable.Saturate(_overflow[column / _variantCount], amount);
    }

    /// <summary>Adds to the one instrument of a family without variants; the fields in the order of the attributes.</summary>
    public void Add(ulong amount, ReadOnlySpan<byte> first = default, ReadOnlySpan<byte> second = default, ReadOnlySpan<byte> third = default)
    {
        var key = new CounterKey(_scratch);
        if (_attributes.Length > 0)
            key.Add(first);
        if (_attributes.Length > 1)
            key.Add(second);
        if (_attributes.Length > 2)
            key.Add(third);
        Add(Row(key.Bytes), 0, amount);
    }

    public void Freeze()
    {
        NameNewRows();
        _frozen = new FrozenCounters(_table.Values.ToArray(), _tags, [.. _overflow]);
    }

    void NameNewRows()
    {
        var wanted = _table.Count * _variantCount;
        if (_tags.Length < wanted)
        {
            // The instruments may be reading the old array: it is replaced, and what is in it stays as it is.
            var grown = new KeyValuePair<string, object?>[Math.Max(wanted, _tags.Length * 2)][];
            _tags.AsSpan(0, _tagged).CopyTo(grown);
            _tags = grown;
        }

        for (; _tagged < wanted; _tagged++)
            _tags[_tagged] = Tags(_table.Key(_tagged / _variantCount), _tagged % _variantCount);
    }

    KeyValuePair<string, object?>[] Tags(ReadOnlySpan<byte> key, int variant)
    {
        var tags = new List<KeyValuePair<string, object?>>(_attributes.Length + 2);
        foreach (var name in _attributes)
        {
            var field = CounterKey.Next(ref key);
            if (!field.IsEmpty)
                tags.Add(new(name, Encoding.UTF8.GetString(field)));
        }

        if (_variants.Length > 0)
            tags.Add(_variants[variant]);
        tags.AddRange(_meter.Constant);
        return [.. tags];
    }

    List<Measurement<long>> Observe(int instrument)
    {
        var frozen = _frozen;
        var width = _instruments * _variantCount;
        var result = new List<Measurement<long>>();
        for (var i = 0; i < frozen.Values.Length; i += width)
        {
            for (var variant = 0; variant < _variantCount; variant++)
            {
                var value = frozen.Values[i + instrument * _variantCount + variant];
                if (value > 0)
                    result.Add(new(ToSigned(value), frozen.Tags[i / width * _variantCount + variant]));
            }
        }

        if (instrument < frozen.Overflow.Length && frozen.Overflow[instrument] > 0)
            result.Add(new(ToSigned(frozen.Overflow[instrument]), _overflowTags));
        return result;
    }

    static long ToSigned(ulong value) => value > long.MaxValue ? long.MaxValue : (long)value;
}
