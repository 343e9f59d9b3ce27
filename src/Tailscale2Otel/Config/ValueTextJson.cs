using System.Text.Json.Serialization;

namespace Tailscale2Otel.Config;

[JsonSerializable(typeof(string))]
sealed partial class ValueTextJson : JsonSerializerContext;
