using Tailscale2Otel.Model;

namespace Tailscale2Otel.Export;

/// <param name="Position">The spool frame that the record came from.</param>
/// <param name="Status">HTTP status or gRPC status number of the backend.</param>
/// <param name="Message">The backend's words, at most 1,024 characters.</param>
readonly record struct RefusedRecord(SpoolPosition Position, int Status, string Message);
