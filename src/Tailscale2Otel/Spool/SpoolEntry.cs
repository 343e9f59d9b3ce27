namespace Tailscale2Otel.Spool;

readonly record struct SpoolEntry(string Name, long Length, DateTimeOffset LastWrite);
