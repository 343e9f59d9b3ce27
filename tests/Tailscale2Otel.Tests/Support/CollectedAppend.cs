using System.Text;
using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tests.Support;

/// <summary>One record that was appended, with its own copy of the bytes.</summary>
sealed record CollectedAppend(RecordSource Source, RecordSignal Signal, string Tailnet, long ReceivedAt, byte[] Metadata, byte[] Payload)
{
    public string Text => Encoding.UTF8.GetString(Payload);

    public string MetadataText => Encoding.UTF8.GetString(Metadata);
}
