namespace Tailscale2Otel.Export;

/// <summary>What became of the records of one batch; the three add up to its count.</summary>
/// <param name="PartiallyRejected">Records the backend reported as rejected in a partial success, without saying which.</param>
readonly record struct DeliveryResult(int Accepted, int Refused, int PartiallyRejected);
