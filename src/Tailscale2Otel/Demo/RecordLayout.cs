using System.Text;
using System.Text.RegularExpressions;

namespace Tailscale2Otel.Demo;

/// <summary>
/// Makes the one long line that a log record is on standard output readable: the attributes go below what it says, in lines
/// of the terminal's width. A line of another form stays as it is.
/// </summary>
static partial class RecordLayout
{
    const string Indent = "    ";

    public static string Of(string line, int width)
    {
        var match = Line().Match(line);
        if (!match.Success)
            return line;

        var text = new StringBuilder(line.Length + 64).Append(match.Groups["head"].Value);
        // As if the head's line was full, so that attributes begin on the next.
        var column = width;
        foreach (Match attribute in Attribute().Matches(match.Groups["attributes"].Value))
        {
            if (column + 1 + attribute.Length > width)
            {
                text.Append('\n').Append(Indent);
                column = Indent.Length;
            }
            else
            {
                text.Append(' ');
                column++;
            }

            text.Append(attribute.Value);
            column += attribute.Length;
        }

        return text.ToString();
    }

    /// <summary>What the record is about: the traffic type of a connection, else the name of the event.</summary>
    public static string KindOf(string line)
    {
        var type = TrafficType().Match(line);
        return type.Success ? type.Value : Line().Match(line).Groups["event"].Value;
    }

    [GeneratedRegex(@" tailscale\.traffic_type=\w+")]
    private static partial Regex TrafficType();

    // Time, severity, event name, a colon and the body; behind two spaces and a bar the attributes.
    [GeneratedRegex(@"^(?<head>\S+ +\S+ +(?<event>[^\s:]+)(?:: .*?)?)(?:  \|(?<attributes> .*))?$", RegexOptions.Singleline)]
    private static partial Regex Line();

    // A key, an equals sign and a value, which has quotes around it when there are spaces in it.
    [GeneratedRegex(@"(?:[^\s""]|""(?:[^""\\]|\\.)*""?)+", RegexOptions.Singleline)]
    private static partial Regex Attribute();
}
