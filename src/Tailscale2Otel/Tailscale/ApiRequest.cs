namespace Tailscale2Otel.Tailscale;

/// <summary>One call: what is asked for, and where.</summary>
/// <param name="Query">With its question mark, escaped.</param>
/// <param name="Device">ID in the path, of those operations that have one.</param>
/// <param name="Body">JSON to send.</param>
/// <param name="IsMissingFine">404 says that there is none, and is an answer.</param>
sealed record ApiRequest(ApiOperation Operation, string Query = "", string Device = "", byte[]? Body = null, bool IsMissingFine = false);
