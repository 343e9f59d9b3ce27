namespace Tailscale2Otel.Model;

/// <summary>Attributes between two calls of <see cref="LogWriter.Mark"/>. The default is none.</summary>
readonly record struct LogPart(int Start, int End);
