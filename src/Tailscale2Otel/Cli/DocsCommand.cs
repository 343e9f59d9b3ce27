using System.CommandLine;
using Tailscale2Otel.Config;
using Tailscale2Otel.Hosting;

namespace Tailscale2Otel.Cli;

/// <summary><c>docs configuration</c>: the generated page, for those who change the options. Hidden from the help.</summary>
static class DocsCommand
{
    public static Command Create()
    {
        var configuration = new Command("configuration", "Print docs/configuration.md.");
        configuration.SetAction(arguments =>
        {
            if (XmlSummaries.BesideProgram() is not { } summaries)
            {
                arguments.InvocationConfiguration.Error.WriteLine("tailscale2otel.xml is not beside the program: run it from a build");
                return ExitCode.Failed;
            }

            arguments.InvocationConfiguration.Output.Write(Page(summaries));
            return ExitCode.Ok;
        });
        return new Command("docs", "Print generated documentation.") { Subcommands = { configuration }, Hidden = true };
    }

    public static string Page(XmlSummaries summaries) =>
        $"{new ConfigDocs(OptionTypes.Schema, summaries).Write()}\n{ExitCode.Markdown.ReplaceLineEndings("\n")}";
}
