using System.Text;

namespace Tailscale2Otel.Tailscale;

/// <summary>What a tailnet may be called.</summary>
static class TailnetName
{
    /// <summary>A frame of the spool has one byte for its length.</summary>
    public const int MaxBytes = byte.MaxValue;

    /// <summary>Null when there is none; an empty name is a matter of the options' attributes.</summary>
    public static string? Problem(string name) =>
        Encoding.UTF8.GetByteCount(name) > MaxBytes || name.Any(char.IsControl) || name != name.Trim()
            ? $"at most {MaxBytes} bytes, without control characters and without white space at its ends"
            : null;
}
