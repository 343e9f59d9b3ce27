using System.Globalization;
using System.Text;

namespace Tailscale2Otel.Cli;

/// <summary>
/// Foreign text on its way to an operator's terminal: nothing in it may move the cursor, begin a line, turn the direction of
/// writing or be invisible. Such characters become <c>\u001b</c>, which in JSON means the same.
/// </summary>
static class TerminalText
{
    public static string Escape(string text)
    {
        var result = new StringBuilder(text.Length);
        Append(result, text);
        return result.ToString();
    }

    public static void Append(StringBuilder result, ReadOnlySpan<char> text)
    {
        Span<char> units = stackalloc char[2];
        foreach (var rune in text.EnumerateRunes())
        {
            if (!IsUnsafe(rune))
            {
                result.Append(rune);
                continue;
            }

            foreach (var unit in units[..rune.EncodeToUtf16(units)])
                result.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
        }
    }

    static bool IsUnsafe(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
