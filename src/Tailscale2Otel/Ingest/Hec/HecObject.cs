namespace Tailscale2Otel.Ingest.Hec;

/// <summary>What the members of one object tell about its shape. A later member of the same name takes the place of an earlier one.</summary>
struct HecObject
{
    public bool HasNodeId;
    public bool HasTraffic;
    public bool HasActor;
    public bool HasAction;
    public bool HasEvent;
    public bool IsEventNull;
    public bool IsEventBlank;

    /// <summary><c>event</c> or <c>logs</c> held nothing but flow and audit records.</summary>
    public bool HoldsRecords;

    public bool HasLogs;
    public HecFault LogsFault;

    public HecFault FieldsFault;

    public int EventStart;
    public int EventLength;

    public readonly bool IsFlow => HasNodeId && HasTraffic;

    public readonly bool IsAudit => HasActor && HasAction;
}
