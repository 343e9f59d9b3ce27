using System.Runtime.InteropServices;

namespace Tailscale2Otel.Compression;

/// <summary>Owns a libzstd context, so that a stream that nobody disposed does not leak native memory.</summary>
sealed class ZstdHandle : SafeHandle
{
    readonly bool _compresses;

    public ZstdHandle(bool compresses)
        : base(0, ownsHandle: true)
    {
        _compresses = compresses;
        SetHandle(compresses ? Libzstd.CreateCompressor() : Libzstd.CreateDecompressor());
        if (IsInvalid)
            throw new InsufficientMemoryException("libzstd could not allocate a context");
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        _ = _compresses ? Libzstd.FreeCompressor(handle) : Libzstd.FreeDecompressor(handle);
        return true;
    }
}
