using System.Text.Json;

namespace Tailscale2Otel.Ingest.Hec;

// What a request may hold of connections is bounded, and they are most of its bytes: the one part of the pass that is not token by token.
ref partial struct HecEventReader
{
    void CountConnections()
    {
        if (_json.TokenType != JsonTokenType.StartArray)
        {
            _json.Skip();
            return;
        }

        if (_json.CurrentDepth + 2 <= _limits.Nesting && !TryPassRows())
            return;
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            _json.Skip();
            if (++_found.Connections > _limits.Connections)
            {
                _fault = HecFault.TooManyConnections;
                return;
            }
        }
    }

    /// <summary>Passes over the array's plain rows; a reader in the same state goes on behind them. False when there are too many.</summary>
    bool TryPassRows()
    {
        var end = FlatRowScanner.Skip(_body, Consumed, _limits.Connections - _found.Connections, out var rows);
        _found.Connections += rows;
        if (_found.Connections > _limits.Connections)
        {
            _fault = HecFault.TooManyConnections;
            return false;
        }

        _json = new Utf8JsonReader(_body[end..], isFinalBlock: true, _json.CurrentState);
        _jsonStart = end;
        return true;
    }
}
