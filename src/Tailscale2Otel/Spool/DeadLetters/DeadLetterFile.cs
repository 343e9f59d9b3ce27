using Microsoft.Win32.SafeHandles;

namespace Tailscale2Otel.Spool.DeadLetters;

/// <param name="Length">When it was opened; it may have grown since.</param>
sealed record DeadLetterFile(string Name, SafeFileHandle Handle, long Length);
