using Tailscale2Otel.Model;

namespace Tailscale2Otel.Export;

/// <summary>Takes log records that nobody wants: their signal is off, or the record is read again only to be counted.</summary>
sealed class NoLogBatch : LogBatch
{
    public static readonly NoLogBatch Instance = new();

    public override int Count => 0;

    public override long Bytes => 0;

    public override void Begin(in LogHeader header)
    {
    }

    public override void Body(ReadOnlySpan<byte> utf8)
    {
    }

    public override void JsonBody(ReadOnlySpan<byte> json)
    {
    }

    public override void Add(Utf8Name key, ReadOnlySpan<byte> utf8)
    {
    }

    public override void Add(Utf8Name key, long value)
    {
    }

    public override void Add(Utf8Name key, double value)
    {
    }

    public override void Add(Utf8Name key, bool value)
    {
    }

    public override void AddJson(ReadOnlySpan<byte> key, ReadOnlySpan<byte> json)
    {
    }

    public override void End()
    {
    }

    public override void CutBack(int count)
    {
    }

    public override void Dispose()
    {
    }
}
