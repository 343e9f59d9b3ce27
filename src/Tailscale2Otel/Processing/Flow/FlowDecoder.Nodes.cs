using System.Text.Json;
using Tailscale2Otel.Enrichment;

namespace Tailscale2Otel.Processing.Flow;

// Descriptions of nodes only add attributes, so nothing in them is an error: what cannot be read is left out.
static partial class FlowDecoder
{
    const int MaxAddressesPerNode = 16;
    const int MaxTags = 64;

    static void ReadReporter(ref Utf8JsonReader reader, ReadOnlySpan<byte> payload, FlowRecord record)
    {
        if (reader.TokenType != JsonTokenType.StartObject || record.Nodes.Length == FlowRecord.MaxNodes)
        {
            reader.Skip();
            return;
        }

        record.Reporter = record.Nodes.Length;
        ReadNode(ref reader, payload, record);
    }

    static void ReadPeers(ref Utf8JsonReader reader, ReadOnlySpan<byte> payload, FlowRecord record)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartObject && record.Nodes.Length < FlowRecord.MaxNodes)
                ReadNode(ref reader, payload, record);
            else
                reader.Skip();
        }
    }

    static void ReadNode(ref Utf8JsonReader reader, ReadOnlySpan<byte> payload, FlowRecord record)
    {
        ref var node = ref record.AddNode();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = FlowMembers.Of(ref reader);
            _ = reader.Read();
            switch (member)
            {
                case FlowMember.NodeId:
                    _ = FlowValue.TryText(ref reader, record, out node.NodeId);
                    break;
                case FlowMember.Name:
                    _ = FlowValue.TryText(ref reader, record, out node.Name);
                    break;
                case FlowMember.Os:
                    _ = FlowValue.TryText(ref reader, record, out node.Os);
                    break;
                case FlowMember.User:
                    _ = FlowValue.TryText(ref reader, record, out node.User);
                    break;
                case FlowMember.Addresses:
                    ReadAddresses(ref reader, record);
                    break;
                case FlowMember.Tags:
                    ReadTags(ref reader, payload, record, ref node);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    static void ReadAddresses(ref Utf8JsonReader reader, FlowRecord record)
    {
        if (reader.TokenType == JsonTokenType.String)
            AddAddress(ref reader, record);
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        for (var count = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; count++)
        {
            if (reader.TokenType == JsonTokenType.String && count < MaxAddressesPerNode)
                AddAddress(ref reader, record);
            else
                reader.Skip();
        }
    }

    static void AddAddress(ref Utf8JsonReader reader, FlowRecord record)
    {
        if (record.Addresses.Length == FlowRecord.MaxAddresses)
            return;

        var text = FlowValue.Text(ref reader, record);
        var prefix = text.IndexOf((byte)'/');
        if (IpText.TryParse(prefix < 0 ? text : text[..prefix], out var address))
            record.AddAddress(address);
    }

    static void ReadTags(ref Utf8JsonReader reader, ReadOnlySpan<byte> payload, FlowRecord record, ref FlowNode node)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            _ = FlowValue.TryText(ref reader, record, out node.Tags);
            return;
        }

        Span<TextSlice> tags = stackalloc TextSlice[MaxTags];
        var count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (FlowValue.TryText(ref reader, record, out var tag) && !tag.IsEmpty && count < MaxTags)
                tags[count++] = tag;
        }

        node.Tags = TagText.Join(tags[..count], payload, record);
    }
}
