using System.Runtime.InteropServices;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Processing.Deduplication;

/// <summary>A content key, the position of the record that owns it and when it was claimed by the window's clock; 28 bytes in memory and on disk.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
readonly record struct OwnedKey(ulong High, ulong Low, long Position, uint ClaimedAtSeconds)
{
    public const int Size = 28;

    public bool Is(in ContentKey key) => Low == key.Low && High == key.High;
}
