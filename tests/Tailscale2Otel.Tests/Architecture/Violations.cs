namespace Tailscale2Otel.Tests.Architecture;

/// <summary>Fails with every violation on a line of its own, since whoever broke a rule wants the whole list.</summary>
static class Violations
{
    public static void None(IEnumerable<string> violations, string advice = "")
    {
        var all = violations.ToArray();
        if (all.Length > 0)
            Assert.Fail($"{string.Join('\n', all)}\n{advice}".TrimEnd());
    }
}
