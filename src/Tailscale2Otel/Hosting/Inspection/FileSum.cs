using Tailscale2Otel.Spool;

namespace Tailscale2Otel.Hosting.Inspection;

readonly record struct FileSum(int Files, long Bytes)
{
    public static FileSum Of(IReadOnlyList<SpoolEntry> files) => new(files.Count, files.Sum(f => f.Length));
}
