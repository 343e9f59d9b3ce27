using Tailscale2Otel.Model;

namespace Tailscale2Otel.Benchmarks;

/// <summary>Takes everything and keeps a sum, so that nothing is optimised away.</summary>
sealed class NullLogWriter : LogWriter
{
    public long Sum { get; private set; }

    public override void Begin(in LogHeader header) => Sum += header.Time;

    public override void Body(ReadOnlySpan<byte> utf8) => Sum += utf8.Length;

    public override void JsonBody(ReadOnlySpan<byte> json) => Sum += json.Length;

    public override void Add(Utf8Name key, ReadOnlySpan<byte> utf8) => Sum += utf8.Length;

    public override void Add(Utf8Name key, long value) => Sum += value;

    public override void Add(Utf8Name key, double value) => Sum++;

    public override void Add(Utf8Name key, bool value) => Sum++;

    public override void AddJson(ReadOnlySpan<byte> key, ReadOnlySpan<byte> json) => Sum += json.Length;

    public override void End() => Sum++;
}
