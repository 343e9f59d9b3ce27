namespace Tailscale2Otel.Model;

/// <summary>The path a record came by. The numbers are part of the spool's file format.</summary>
enum RecordSource : byte
{
    Unknown = 0,
    Poll = 1,
    Stream = 2,
    Webhook = 3,
    ObjectStore = 4,
    Logtail = 5,
    Events = 6,
}
