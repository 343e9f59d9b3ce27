using System.Reflection;
using System.Runtime.InteropServices;

namespace Tailscale2Otel.Compression;

/// <summary>
/// The few functions of libzstd that streaming needs (zstd.h, "Streaming compression" and "Streaming decompression", stable
/// since 1.4.0). This file and <see cref="ZstdStream"/> are all that knows of the library.
/// </summary>
static unsafe partial class Libzstd
{
    const string Name = "zstd";

    static readonly nint Library = Load();

    static Libzstd() => NativeLibrary.SetDllImportResolver(typeof(Libzstd).Assembly, Resolve);

    public static bool IsAvailable => Library != 0;

    /// <summary>ZSTD_inBuffer and ZSTD_outBuffer have the same layout.</summary>
    public struct Buffer
    {
        public void* Data;
        public nuint Size;
        public nuint Position;
    }

    /// <summary>ZSTD_EndDirective.</summary>
    public enum End
    {
        Continue = 0,
        Flush = 1,
        End = 2,
    }

    /// <summary>ZSTD_c_compressionLevel.</summary>
    public const int CompressionLevel = 100;

    /// <summary>ZSTD_c_checksumFlag.</summary>
    public const int ChecksumFlag = 201;

    /// <summary>ZSTD_d_windowLogMax.</summary>
    public const int WindowLogMax = 100;

    public static string ErrorName(nuint code) => Marshal.PtrToStringUTF8(GetErrorName(code)) ?? "unknown error";

    [LibraryImport(Name, EntryPoint = "ZSTD_createDCtx")]
    public static partial nint CreateDecompressor();

    [LibraryImport(Name, EntryPoint = "ZSTD_freeDCtx")]
    public static partial nuint FreeDecompressor(nint context);

    [LibraryImport(Name, EntryPoint = "ZSTD_DCtx_setParameter")]
    public static partial nuint SetDecompressor(nint context, int parameter, int value);

    [LibraryImport(Name, EntryPoint = "ZSTD_decompressStream")]
    public static partial nuint Decompress(nint context, Buffer* output, Buffer* input);

    [LibraryImport(Name, EntryPoint = "ZSTD_createCCtx")]
    public static partial nint CreateCompressor();

    [LibraryImport(Name, EntryPoint = "ZSTD_freeCCtx")]
    public static partial nuint FreeCompressor(nint context);

    [LibraryImport(Name, EntryPoint = "ZSTD_CCtx_setParameter")]
    public static partial nuint SetCompressor(nint context, int parameter, int value);

    [LibraryImport(Name, EntryPoint = "ZSTD_compressStream2")]
    public static partial nuint Compress(nint context, Buffer* output, Buffer* input, End end);

    [LibraryImport(Name, EntryPoint = "ZSTD_isError")]
    public static partial uint IsError(nuint code);

    [LibraryImport(Name, EntryPoint = "ZSTD_getErrorName")]
    private static partial nint GetErrorName(nuint code);

    static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => name == Name ? Library : 0;

    /// <summary>Runtime packages carry only the versioned name; the plain one comes with development packages.</summary>
    static nint Load()
    {
        string[] names = OperatingSystem.IsWindows() ? ["libzstd.dll", "zstd.dll"]
            : OperatingSystem.IsMacOS() ? ["libzstd.1.dylib", "libzstd.dylib", "/opt/homebrew/lib/libzstd.dylib", "/usr/local/lib/libzstd.dylib"]
            : ["libzstd.so.1", "libzstd.so"];
        foreach (var name in names)
        {
            if (NativeLibrary.TryLoad(name, typeof(Libzstd).Assembly, null, out var handle))
                return handle;
        }

        return 0;
    }
}
