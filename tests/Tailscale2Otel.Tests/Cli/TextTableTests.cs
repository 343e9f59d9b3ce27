using Tailscale2Otel.Cli;

namespace Tailscale2Otel.Tests.Cli;

public sealed class TextTableTests
{
    [Test]
    public void Columns_are_as_wide_as_their_widest_cell_and_lines_end_without_blanks()
    {
        var table = new TextTable("name", ">bytes", ">", "note");
        table.Add("a", "1", "1 B", "");
        table.Add("longer", "1,024", "1.0 KiB", "so");
        table.Add("...");
        using var output = new StringWriter { NewLine = "\n" };

        table.Write(output);

        Assert.That(output.ToString(), Is.EqualTo("name    bytes           note\na           1      1 B\nlonger  1,024  1.0 KiB  so\n...\n"));
    }
}
