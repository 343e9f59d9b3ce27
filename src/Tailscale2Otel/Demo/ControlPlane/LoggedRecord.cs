namespace Tailscale2Otel.Demo.ControlPlane;

/// <summary>A record in a log.</summary>
/// <param name="Time">By which it is found, in Unix nanoseconds: <c>logged</c> of a flow record, <c>eventTime</c> of an audit record.</param>
/// <param name="VisibleAt">Answers before do not have it, in Unix nanoseconds.</param>
/// <param name="Json">In the API's form.</param>
readonly record struct LoggedRecord(long Time, long VisibleAt, ReadOnlyMemory<byte> Json);
