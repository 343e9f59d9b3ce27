namespace Tailscale2Otel.Tests.Faults;

/// <summary>The sound files that a daemon left, and what a test can do to them.</summary>
sealed class SpoolImage
{
    readonly string _folder;

    /// <param name="sound">What was read while everything was sound, in place of this folder's files.</param>
    public SpoolImage(string folder, SpoolImage? sound = null)
    {
        _folder = folder;
        Segments = sound?.Segments ?? [.. Directory.GetFiles(folder, "*.seg").Order(StringComparer.Ordinal).Select(path => new SegmentImage(path))];
    }

    public IReadOnlyList<SegmentImage> Segments { get; }

    public SegmentImage Oldest => Segments[0];

    public SegmentImage Middle => Segments[Segments.Count / 2];

    public SegmentImage Newest => Segments[^1];

    public IEnumerable<FrameImage> Frames => Segments.SelectMany(s => s.Frames);

    /// <summary>The frames that became durable together at the end of the spool.</summary>
    public IReadOnlyList<FrameImage> LastAppend
    {
        get
        {
            var first = Newest.Frames.Count - 1;
            while (first > 0 && Newest.Frames[first - 1].Continues)
                first--;
            return Newest.Frames[first..];
        }
    }

    public string PathOf(SegmentImage segment) => Path.Combine(_folder, segment.Name);

    public void CopyTo(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.GetFiles(_folder))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
    }

    public void Flip(SegmentImage segment, long offset, int bit = 4) => Flip(PathOf(segment), offset, bit);

    public void Cut(SegmentImage segment, long length) => Cut(PathOf(segment), length);

    public void Delete(SegmentImage segment) => File.Delete(PathOf(segment));

    public void Append(SegmentImage segment, byte[] bytes)
    {
        using var stream = new FileStream(PathOf(segment), FileMode.Append);
        stream.Write(bytes);
    }

    public static void Flip(string path, long offset, int bit = 4)
    {
        using var stream = new FileStream(path, FileMode.Open);
        stream.Position = offset;
        var value = stream.ReadByte();
        stream.Position = offset;
        stream.WriteByte((byte)(value ^ (1 << bit)));
    }

    public static void Cut(string path, long length)
    {
        using var stream = new FileStream(path, FileMode.Open);
        stream.SetLength(length);
    }
}
