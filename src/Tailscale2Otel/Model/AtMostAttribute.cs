using System.Collections;
using System.ComponentModel.DataAnnotations;

namespace Tailscale2Otel.Model;

/// <summary>The most characters of a text or entries of a list. <see cref="MaxLengthAttribute"/> looks for a property named Count, which a native program may not have.</summary>
[AttributeUsage(AttributeTargets.Property)]
sealed class AtMostAttribute(int length) : ValidationAttribute
{
    public int Length { get; } = length;

    public override bool IsValid(object? value) => value switch
    {
        null => true,
        string text => text.Length <= Length,
        ICollection list => list.Count <= Length,
        _ => throw new NotSupportedException($"{value.GetType()} has no length"),
    };
}
