using System.ComponentModel.DataAnnotations;

namespace Tailscale2Otel.Model;

/// <summary>The option names a file that must be there when the daemon starts, or nothing.</summary>
[AttributeUsage(AttributeTargets.Property)]
sealed class ExistingFileAttribute() : ValidationAttribute("a file that exists")
{
    public override bool IsValid(object? value) => value is not string { Length: > 0 } path || File.Exists(path);
}
