using System.Text;
using Tailscale2Otel.Export;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tests.Hosting.Pipeline;

/// <summary>A batch of bodies with their positions.</summary>
sealed class HeldBatch(Changes changes) : LogBatch
{
    SpoolPosition _position;
    string _body = "";

    public List<(SpoolPosition Position, string Body)> Records { get; } = [];

    /// <summary>Of all records, in order.</summary>
    public List<string> Flags { get; } = [];

    public bool IsDisposed { get; private set; }

    public override int Count => Records.Count;

    public override long Bytes => Records.Sum(r => (long)r.Body.Length);

    public override void Begin(in LogHeader header) => _position = header.Position;

    public override void Body(ReadOnlySpan<byte> utf8) => _body = Encoding.UTF8.GetString(utf8);

    public override void End()
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        Records.Add((_position, _body));
    }

    public override void JsonBody(ReadOnlySpan<byte> json) => throw new NotSupportedException();

    public override void Add(Utf8Name key, ReadOnlySpan<byte> utf8) => throw new NotSupportedException();

    public override void Add(Utf8Name key, long value) => throw new NotSupportedException();

    public override void Add(Utf8Name key, double value) => throw new NotSupportedException();

    public override void Add(Utf8Name key, bool value) => Flags.Add($"{key}={value}");

    public override void AddJson(ReadOnlySpan<byte> key, ReadOnlySpan<byte> json) => throw new NotSupportedException();

    public override void CutBack(int count) => Records.RemoveRange(count, Records.Count - count);

    public override void Dispose()
    {
        IsDisposed = true;
        changes.Note("returned");
    }
}
