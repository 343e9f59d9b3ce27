using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tailscale2Otel.Cli;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(ValidateReport))]
sealed partial class ValidateReportJson : JsonSerializerContext;
