using System.Globalization;
using System.Text;

namespace Tailscale2Otel.Export.Otlp.Wire;

/// <summary>
/// Everything of an <c>ExportLogsServiceRequest</c> before its log records: resource and scope, encoded once. Because the
/// records are the last field of the last message, a request is this head and any slice of a batch's records.
/// </summary>
sealed class LogEnvelope
{
    readonly byte[] _resource;
    readonly byte[] _scope;

    public LogEnvelope(IReadOnlyList<KeyValuePair<string, object>> resource, string scopeName, string scopeVersion)
    {
        using var buffer = new ProtobufBuffer(1024);
        var message = buffer.Open(FieldTags.ResourceLogsResource);
        foreach (var (key, value) in resource)
        {
            var pair = buffer.Open(FieldTags.ResourceAttribute);
            buffer.Field(FieldTags.PairKey, Encoding.UTF8.GetBytes(key));
            var any = buffer.Open(FieldTags.PairValue);
            if (value is long number)
            {
                buffer.Byte(FieldTags.ValueInt);
                buffer.Varint((ulong)number);
            }
            else
            {
                buffer.Field(FieldTags.ValueString, Encoding.UTF8.GetBytes(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));
            }

            buffer.Close(any);
            buffer.Close(pair);
        }

        buffer.Close(message);
        _resource = buffer.Span.ToArray();

        buffer.Truncate(0);
        message = buffer.Open(FieldTags.ScopeLogsScope);
        buffer.Field(FieldTags.ScopeName, Encoding.UTF8.GetBytes(scopeName));
        buffer.Field(FieldTags.ScopeVersion, Encoding.UTF8.GetBytes(scopeVersion));
        buffer.Close(message);
        _scope = buffer.Span.ToArray();
    }

    /// <summary>Upper bound of the head's size.</summary>
    public int MaxHead => _resource.Length + _scope.Length + 12;

    /// <summary>The head of a request whose records take that many bytes.</summary>
    public byte[] Head(int recordBytes)
    {
        var scopeLogs = _scope.Length + recordBytes;
        var resourceLogs = _resource.Length + 1 + ProtobufBuffer.VarintSize((uint)scopeLogs) + scopeLogs;
        using var buffer = new ProtobufBuffer(MaxHead);
        buffer.Byte(FieldTags.RequestResourceLogs);
        buffer.Varint((uint)resourceLogs);
        _resource.CopyTo(buffer.Reserve(_resource.Length));
        buffer.Advance(_resource.Length);
        buffer.Byte(FieldTags.ResourceLogsScopeLogs);
        buffer.Varint((uint)scopeLogs);
        _scope.CopyTo(buffer.Reserve(_scope.Length));
        buffer.Advance(_scope.Length);
        return buffer.Span.ToArray();
    }
}
