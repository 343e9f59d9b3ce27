using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tailscale2Otel.Ingest.Webhook;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(WebhookRefusal))]
sealed partial class WebhookRefusalJson : JsonSerializerContext;
