using System.Text;

namespace Tailscale2Otel.Config;

/// <summary>One thing that an operator has to mend, or should know about.</summary>
/// <param name="Key">Full key; empty where the problem has none, as a syntax error.</param>
/// <param name="Source">File and line or the variable's name; empty where there is none.</param>
/// <param name="Value">As written, <c>***</c> for a secret; null where it would not help.</param>
/// <param name="Message">What is wrong and what is allowed.</param>
sealed record ConfigProblem(string Key, string Source, string? Value, string Message)
{
    public override string ToString()
    {
        var text = new StringBuilder();
        if (Source.Length > 0)
            text.Append(Source).Append(": ");
        if (Key.Length > 0)
        {
            text.Append(Key);
            if (Value is not null)
                text.Append(" = \"").Append(Value).Append('"');
            text.Append(": ");
        }

        return text.Append(Message).ToString();
    }
}
