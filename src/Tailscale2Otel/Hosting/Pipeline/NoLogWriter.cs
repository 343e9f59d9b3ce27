using Tailscale2Otel.Model;

namespace Tailscale2Otel.Hosting.Pipeline;

/// <summary>For records that are read again only to be counted or to learn their keys.</summary>
sealed class NoLogWriter : LogWriter
{
    public static readonly NoLogWriter Instance = new();

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
}
