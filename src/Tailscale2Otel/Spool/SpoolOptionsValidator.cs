using Microsoft.Extensions.Options;

namespace Tailscale2Otel.Spool;

sealed class SpoolOptionsValidator : IValidateOptions<SpoolOptions>
{
    public ValidateOptionsResult Validate(string? name, SpoolOptions options)
    {
        List<string> failures = [];
        if (options.SegmentBytes > options.MaxBytes / 2)
            failures.Add($"spool.segment_bytes: at most half of spool.max_bytes ({options.MaxBytes / 2}), since segments are freed whole");
        if (options.Directory.Length > 0 && Path.GetFullPath(options.Directory) is var full && Path.GetPathRoot(full) == full)
            failures.Add("spool.directory: a directory of its own, not the root of the file system");
        if (!Enum.IsDefined(options.Sync))
            failures.Add("spool.sync: always, interval or never");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
