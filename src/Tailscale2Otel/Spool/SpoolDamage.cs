namespace Tailscale2Otel.Spool;

/// <summary>Where what is found broken is told.</summary>
abstract class SpoolDamage
{
    public const string Folder = "damaged";
    public const string Frame = "frame";
    public const string Missing = "missing";
    public const string Unreadable = "unreadable";
    public const string TornTail = "torn_tail";
    public const string SegmentHeaderLost = "segment_header";
    public const string EmptySegment = "empty_segment";
    public const string Cursors = "cursors";

    /// <summary>Frames between two positions are lost or were never complete.</summary>
    /// <param name="file">Where their bytes are, starting at the offset; null when they are gone.</param>
    public abstract void Report(string reason, string segment, long from, long to, SpoolFile? file, long offset);

    public abstract void ReportCursors(string what);
}
