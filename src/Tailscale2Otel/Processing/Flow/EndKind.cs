namespace Tailscale2Otel.Processing.Flow;

/// <summary>Where the answer to who an end of a connection is comes from.</summary>
enum EndKind : byte
{
    /// <summary>Like no other end: what it is called depends on more than a number says.</summary>
    Alone,

    /// <summary>The row has no such end.</summary>
    Absent,

    /// <summary>An address of the tailnet that nobody told the name of.</summary>
    Unknown,

    /// <summary>Any address outside the tailnet.</summary>
    External,

    /// <summary>A DERP server; its number is the region.</summary>
    Relay,

    /// <summary>A row of the device list.</summary>
    Device,

    /// <summary>A node that the record describes.</summary>
    Described,

    /// <summary>A name that a record before gave.</summary>
    Remembered,
}
