namespace Tailscale2Otel.Ingest.Hec;

/// <summary>The bounds of one request, with the defaults filled in.</summary>
/// <param name="BodyBytes">Of the body, compressed or not.</param>
sealed record HecLimits(int BodyBytes, int Records, int Connections, int Nesting)
{
    public const int LargestBody = 256 * 1024 * 1024;

    const int DefaultBody = 64 * 1024 * 1024;

    /// <summary>Of one body, in memory at once: as it came and decompressed, or decompressed and with its UTF-8 repaired.</summary>
    public const int BodyCopies = 2;

    /// <summary>One record with its metadata must fit into a frame of the spool.</summary>
    public const int RecordBytes = 60 * 1024 * 1024;

    /// <summary>
    /// Metadata of all records together. A wrapper's members are kept with every record inside it, so that without this bound a
    /// small body could ask for a very large append.
    /// </summary>
    public int MetadataBytes { get; } = Math.Min(BodyBytes, 128 * 1024 * 1024);

    public static HecLimits From(HecOptions options) => new(
        options.MaxBodyBytes switch { 0 => DefaultBody, < 0 => LargestBody, _ => (int)Math.Min(options.MaxBodyBytes, LargestBody) },
        options.MaxRecordsPerRequest,
        options.MaxConnectionsPerRequest,
        options.MaxNesting);
}
