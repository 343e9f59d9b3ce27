using System.Runtime.InteropServices;
using System.Text;

namespace Tailscale2Otel.Cli;

/// <summary>
/// The process's standard output, which fails when nobody reads it any more. The platform's own takes a closed pipe for success, and
/// records that were written to one would count as delivered.
/// </summary>
sealed partial class StandardOutput : Stream
{
    /// <summary>EPIPE: whoever read is gone. The <see cref="Exception.HResult"/> of what is thrown then.</summary>
    public const int BrokenPipe = 32;

    const int Descriptor = 1;
    const int Interrupted = 4;
    const short Writable = 4;

    /// <summary>EAGAIN, where whoever started the process made its output non-blocking.</summary>
    static readonly int TryAgain = OperatingSystem.IsLinux() ? 11 : 35;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>For any number of threads; what was written is out. It throws <see cref="IOException"/> when the output is closed or full.</summary>
    public static TextWriter Open() => OperatingSystem.IsWindows()
        ? Console.Out
        : TextWriter.Synchronized(new StreamWriter(new StandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true });

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var written = WriteSome(Descriptor, buffer, (nuint)buffer.Length);
            if (written >= 0)
                buffer = buffer[(int)written..];
            else
                Recover(Marshal.GetLastPInvokeError());
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    static void Recover(int error)
    {
        if (error == TryAgain)
        {
            var output = new Watched { Descriptor = Descriptor, Events = Writable };
            _ = Poll(ref output, 1, Timeout.Infinite);
        }
        else if (error != Interrupted)
        {
            throw new IOException($"standard output: {Marshal.GetPInvokeErrorMessage(error)}", error);
        }
    }

    /// <summary>write(2).</summary>
    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteSome(int descriptor, ReadOnlySpan<byte> bytes, nuint count);

    /// <summary>poll(2).</summary>
    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(ref Watched watched, nuint count, int timeout);

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    struct Watched
    {
        public int Descriptor;
        public short Events;
        public short Happened;
    }
}
