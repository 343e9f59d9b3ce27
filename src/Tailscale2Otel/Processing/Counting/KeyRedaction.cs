using Tailscale2Otel.Redaction;

namespace Tailscale2Otel.Processing.Counting;

/// <summary>Empties the fields of keys whose values must not leave.</summary>
sealed class KeyRedaction
{
    readonly Redactor _redactor;
    readonly AttributeRule[] _rules;
    readonly byte[] _buffer;

    KeyRedaction(Redactor redactor, AttributeRule[] rules)
    {
        _redactor = redactor;
        _rules = rules;
        _buffer = new byte[CounterKey.SizeFor(rules.Length)];
    }

    /// <summary>Null when no field of such keys is ever emptied.</summary>
    public static KeyRedaction? For(string[] attributes, Redactor? redactor) =>
        redactor is not null && Array.Exists(attributes, redactor.MayRemove) ? new KeyRedaction(redactor, [.. attributes.Select(AttributeRules.Of)]) : null;

    /// <summary>Good until the next call; a key that was redacted stays as it is.</summary>
    public ReadOnlySpan<byte> Apply(ReadOnlySpan<byte> key)
    {
        var kept = new CounterKey(_buffer);
        foreach (var rule in _rules)
        {
            var field = CounterKey.Next(ref key);
            kept.Add(field.IsEmpty || _redactor.Decide(rule, field, default) == Verdict.Keep ? field : default);
        }

        return kept.Bytes;
    }
}
