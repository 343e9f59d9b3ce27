using System.Text;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tests.Support;

/// <summary>Keeps what is written as readable records, and fails a test that breaks the writer's contract.</summary>
sealed class CollectingLogWriter : LogWriter
{
    CollectedRecord? _open;

    public List<CollectedRecord> Records { get; } = [];

    public override void Begin(in LogHeader header)
    {
        if (_open is not null)
            throw new InvalidOperationException("Begin before End");
        _open = new CollectedRecord(header);
    }

    public override void Body(ReadOnlySpan<byte> utf8) => SetBody(Encoding.UTF8.GetString(utf8));

    public override void JsonBody(ReadOnlySpan<byte> json) => SetBody(Encoding.UTF8.GetString(json));

    public override void Add(Utf8Name key, ReadOnlySpan<byte> utf8)
    {
        if (!utf8.IsEmpty)
            Set(key.Text, Encoding.UTF8.GetString(utf8));
    }

    public override void Add(Utf8Name key, long value) => Set(key.Text, value);

    public override void Add(Utf8Name key, double value) => Set(key.Text, value);

    public override void Add(Utf8Name key, bool value) => Set(key.Text, value);

    public override void AddJson(ReadOnlySpan<byte> key, ReadOnlySpan<byte> json)
    {
        if (!json.SequenceEqual("null"u8))
            Set(Encoding.UTF8.GetString(key), Encoding.UTF8.GetString(json));
    }

    public override void End()
    {
        Records.Add(Open);
        _open = null;
    }

    CollectedRecord Open => _open ?? throw new InvalidOperationException("nothing begun");

    void SetBody(string body)
    {
        if (Open.Body is not null)
            throw new InvalidOperationException("second body");
        Open.Body = body;
    }

    void Set(string key, object value)
    {
        if (!Open.Attributes.TryAdd(key, value))
            throw new InvalidOperationException($"{key} written twice");
    }
}
