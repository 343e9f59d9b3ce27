namespace Tailscale2Otel.Spool;

/// <summary>The spool cannot be opened; the message says what an operator can do about it.</summary>
sealed class SpoolException : Exception
{
    public SpoolException(string message)
        : base(message)
    {
    }

    public SpoolException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public SpoolException()
    {
    }
}
