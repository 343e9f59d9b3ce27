using Tailscale2Otel.Redaction;

namespace Tailscale2Otel.Tests.Redaction;

/// <summary>Filters by the categories that are off.</summary>
static class SomeFilter
{
    public static IReadOnlyList<PiiCategories> Categories { get; } = [.. new PiiFilterOptions().Switches().Select(s => s.Category)];

    public static Redactor Off(PiiCategories off) => new(Options(off));

    public static PiiFilterOptions Options(PiiCategories off)
    {
        var options = new PiiFilterOptions();
        foreach (var property in typeof(PiiFilterOptions).GetProperties())
            property.SetValue(options, (off & Enum.Parse<PiiCategories>(property.Name)) == 0);
        return options;
    }
}
