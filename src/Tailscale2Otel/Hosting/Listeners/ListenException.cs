namespace Tailscale2Otel.Hosting.Listeners;

/// <summary>A listener could not be bound; the message names the key, the address and the reason.</summary>
sealed class ListenException(string message, Exception inner) : IOException(message, inner);
