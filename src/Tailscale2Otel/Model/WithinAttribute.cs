using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Tailscale2Otel.Model;

/// <summary>
/// The least and the most of a duration, or of a number that needs a <see langword="long"/>. <see cref="RangeAttribute"/> looks for a
/// type converter for these, which costs more than all other rules together and cannot be had in a native program.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
sealed class WithinAttribute : ValidationAttribute
{
    /// <param name="minimum">As <c>00:00:01</c>.</param>
    /// <param name="maximum">As <c>1.00:00:00</c>.</param>
    public WithinAttribute(string minimum, string maximum) =>
        (Minimum, Maximum) = (TimeSpan.Parse(minimum, CultureInfo.InvariantCulture), TimeSpan.Parse(maximum, CultureInfo.InvariantCulture));

    public WithinAttribute(long minimum, long maximum) => (Minimum, Maximum) = (minimum, maximum);

    public IComparable Minimum { get; }

    public IComparable Maximum { get; }

    public override bool IsValid(object? value) => value is null || (Minimum.CompareTo(value) <= 0 && Maximum.CompareTo(value) >= 0);
}
