using Tailscale2Otel.Export;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Hosting.Redelivery;

/// <summary>
/// Marks every log record as sent again. Also puts the record's number in the place of its position, by which the exporter
/// names what the backend refuses: the positions of dead letters from two spools may be equal.
/// </summary>
sealed class ReplayedLogWriter : LogWriter
{
    LogBatch _batch = NoLogBatch.Instance;
    long _number;

    public void Turn(LogBatch batch, long number) => (_batch, _number) = (batch, number);

    public override void Begin(in LogHeader header) => _batch.Begin(header with { Position = new SpoolPosition(_number) });

    public override void Body(ReadOnlySpan<byte> utf8) => _batch.Body(utf8);

    public override void JsonBody(ReadOnlySpan<byte> json) => _batch.JsonBody(json);

    public override void Add(Utf8Name key, ReadOnlySpan<byte> utf8) => _batch.Add(key, utf8);

    public override void Add(Utf8Name key, long value) => _batch.Add(key, value);

    public override void Add(Utf8Name key, double value) => _batch.Add(key, value);

    public override void Add(Utf8Name key, bool value) => _batch.Add(key, value);

    public override void AddJson(ReadOnlySpan<byte> key, ReadOnlySpan<byte> json) => _batch.AddJson(key, json);

    public override void End()
    {
        _batch.Add(LogAttributes.Replayed, true);
        _batch.End();
    }
}
