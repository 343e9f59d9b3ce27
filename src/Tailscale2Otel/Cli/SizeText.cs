using System.Globalization;

namespace Tailscale2Otel.Cli;

/// <summary>Sizes for a person: rounded to be read, exact to be compared.</summary>
static class SizeText
{
    static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    /// <summary><c>1.5 GiB</c>: at most eight characters.</summary>
    public static string Rounded(long bytes)
    {
        double value = bytes;
        var unit = 0;
        // What would be written as 1024.0 belongs to the next unit.
        for (; unit < Units.Length - 1 && value >= 1023.95; unit++)
            value /= 1024;
        return unit == 0 ? $"{bytes} B" : string.Create(CultureInfo.InvariantCulture, $"{value:0.0} {Units[unit]}");
    }

    public static string Exact(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary><c>1.5 GiB (1,610,612,736 bytes)</c>.</summary>
    public static string Both(long bytes) => bytes < 1024 ? $"{bytes} bytes" : $"{Rounded(bytes)} ({Exact(bytes)} bytes)";
}
