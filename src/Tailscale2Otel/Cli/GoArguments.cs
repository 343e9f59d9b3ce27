namespace Tailscale2Otel.Cli;

/// <summary>
/// Translates the flags of the Go project, which has no commands: <c>-config x.yaml -validate</c> is
/// <c>validate --config x.yaml</c>. One dash or two, <c>-flag value</c> or <c>-flag=value</c>, as Go's flag package takes them.
/// </summary>
static class GoArguments
{
    /// <summary>Flags that became commands, weakest last, as the Go project decides between them.</summary>
    static readonly Dictionary<string, string> Commands = new(StringComparer.Ordinal)
    {
        ["version"] = "version",
        ["validate"] = "validate",
        ["healthcheck"] = "healthcheck",
        ["print-effective-config"] = "config",
        ["preflight"] = "check",
    };

    static readonly Dictionary<string, string> Options = new(StringComparer.Ordinal)
    {
        ["config"] = "--config",
        ["warnings-as-errors"] = "--warnings-as-errors",
        ["json"] = "--json",
        ["healthcheck-timeout"] = "--timeout",
        ["preflight-timeout"] = "--timeout",
        ["print-effective-config-format"] = "--format",
    };

    /// <summary>What they ask for is always done here: the origin of each value is printed, the OTLP endpoints are tried.</summary>
    static readonly HashSet<string> Always = new(StringComparer.Ordinal) { "print-effective-config-provenance", "preflight-export" };

    static readonly HashSet<string> NotBuilt = new(StringComparer.Ordinal) { "once" };

    /// <summary>False: <paramref name="problem"/> says which flag has no counterpart.</summary>
    public static bool TryTranslate(IReadOnlyList<string> args, out string[] translated, out string problem)
    {
        translated = [.. args];
        problem = "";
        var rest = new List<string>();
        string? command = null;
        foreach (var arg in args)
        {
            var (name, value) = Flag(arg);
            if (NotBuilt.Contains(name))
            {
                problem = $"{arg.Split('=')[0]} of the Go project is not built yet";
                return false;
            }

            if (Commands.TryGetValue(name, out var named))
                command = IsOn(value) ? command ?? named : command;
            else if (Options.TryGetValue(name, out var option))
                rest.Add(value is null ? option : $"{option}={value}");
            else if (!Always.Contains(name))
                rest.Add(arg);
        }

        // The Go project prints JSON unless told otherwise.
        var isConfig = command == "config";
        if (isConfig && !rest.Exists(r => r.StartsWith("--format", StringComparison.Ordinal)))
            rest.Add("--format=json");
        translated = command is null ? [.. rest] : [command, .. rest];
        return true;
    }

    static (string Name, string? Value) Flag(string arg)
    {
        if (!arg.StartsWith('-'))
            return ("", null);

        var text = arg.StartsWith("--", StringComparison.Ordinal) ? arg[2..] : arg[1..];
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (text, null) : (text[..equals], text[(equals + 1)..]);
    }

    static bool IsOn(string? value) => value is null or "1" or "t" or "T" or "true" or "TRUE" or "True";
}
