using System.Text.Json;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Ingest.Hec;

// A body as Tailscale sends it is one event after the other in the same form, at most on lines of their own: the JSON reader takes the
// first and the last.
ref partial struct HecEventReader
{
    /// <summary>Between events: adds those that come next in the flat form; a reader in the same state goes on behind them.</summary>
    void PassFlatEvents()
    {
        if (_fault != HecFault.None || _limits.Nesting < FlatEventScanner.Nesting)
            return;

        var at = Consumed;
        while (_found.Count < _limits.Records)
        {
            var scanner = new FlatEventScanner(_body, at < _body.Length && _body[at] == '\n' ? at + 1 : at);
            if (!scanner.TryRead(_limits.Connections - _found.Connections) || scanner.Record.Length > HecLimits.RecordBytes)
                break;

            var envelope = _found.AddEnvelope(-1);
            _found.Envelope(envelope).Values[(int)HecMember.Time] = scanner.Time;
            _found.Envelope(envelope).Values[(int)HecMember.Fields] = scanner.Fields;
            _found.Add(new HecRecord(RecordSignal.Flow, scanner.Record.Start, scanner.Record.Length, envelope));
            _found.Connections += scanner.Connections;
            _number++;
            at = scanner.Position;
        }

        if (at == Consumed)
            return;

        _json = new Utf8JsonReader(_body[at..], isFinalBlock: true, _json.CurrentState);
        _jsonStart = at;
    }
}
