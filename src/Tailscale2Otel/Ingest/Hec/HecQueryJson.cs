using System.Text.Json.Serialization;

namespace Tailscale2Otel.Ingest.Hec;

[JsonSerializable(typeof(string))]
sealed partial class HecQueryJson : JsonSerializerContext;
