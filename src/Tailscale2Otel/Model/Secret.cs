namespace Tailscale2Otel.Model;

/// <summary>A credential. It prints as <c>***</c> wherever it ends up; only <see cref="Reveal"/> gives the value away.</summary>
sealed class Secret(string value) : IEquatable<Secret>
{
    readonly string _value = value;

    public string Reveal() => _value;

    public bool IsEmpty => _value.Length == 0;

    public override string ToString() => "***";

    public bool Equals(Secret? other) => other is not null && string.Equals(_value, other._value, StringComparison.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as Secret);

    public override int GetHashCode() => _value.GetHashCode(StringComparison.Ordinal);
}
