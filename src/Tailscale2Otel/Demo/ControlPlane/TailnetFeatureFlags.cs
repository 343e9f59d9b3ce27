using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tailscale2Otel.Demo.ControlPlane;

/// <summary>The tailnet's settings (<c>…/settings</c>). Thread-safe.</summary>
sealed class TailnetFeatureFlags
{
    /// <summary>Seen and set only with a scope of its own.</summary>
    public const string FlowLogging = "networkFlowLoggingOn";

    readonly Lock _gate = new();
    readonly JsonObject _members = new()
    {
        ["devicesApprovalOn"] = false,
        ["devicesAutoUpdatesOn"] = true,
        ["devicesKeyDurationDays"] = 180,
        ["usersApprovalOn"] = true,
        ["usersRoleAllowedToJoinExternalTailnets"] = "admin",
        [FlowLogging] = true,
        ["regionalRoutingOn"] = false,
        ["postureIdentityCollectionOn"] = true,
        ["httpsEnabled"] = true,
        ["aclsExternallyManagedOn"] = false,
        ["aclsExternalLink"] = "",
    };

    /// <summary>Whether the tailnet keeps flow logs; without, they are refused with 403.</summary>
    public bool IsFlowLoggingOn
    {
        get
        {
            lock (_gate)
                return _members[FlowLogging]!.GetValue<bool>();
        }
        set
        {
            lock (_gate)
                _members[FlowLogging] = value;
        }
    }

    public async Task HandleAsync(HttpContext context, ScopeSet scopes)
    {
        if (HttpMethods.IsPatch(context.Request.Method))
        {
            if (await ApiAnswers.ReadObjectAsync(context) is not { } changes)
                return;
            if (changes.ContainsKey(FlowLogging) && !scopes.Covers("logs:network"))
            {
                await ApiAnswers.RefuseAsync(context, StatusCodes.Status403Forbidden, $"{FlowLogging} needs the scope logs:network");
                return;
            }

            if (Change(changes) is { } problem)
            {
                await ApiAnswers.RefuseAsync(context, StatusCodes.Status400BadRequest, problem);
                return;
            }
        }

        await ApiAnswers.JsonAsync(context, json => Write(json, withFlowLogging: scopes.Covers("logs:network:read")));
    }

    /// <summary>All changes or none; what is wrong with them.</summary>
    string? Change(JsonObject changes)
    {
        lock (_gate)
        {
            foreach (var (name, value) in changes)
            {
                if (!_members.TryGetPropertyValue(name, out var current))
                    return $"{name} is not a setting";
                if (value is null || Kind(value) != Kind(current!))
                    return $"{name} is of another type";
            }

            foreach (var (name, value) in changes)
                _members[name] = value!.DeepClone();
        }

        return null;
    }

    void Write(Utf8JsonWriter json, bool withFlowLogging)
    {
        lock (_gate)
        {
            json.WriteStartObject();
            foreach (var (name, value) in _members.Where(m => m.Key != FlowLogging || withFlowLogging))
            {
                json.WritePropertyName(name);
                value!.WriteTo(json);
            }

            json.WriteEndObject();
        }
    }

    /// <summary>The two truth values are one type.</summary>
    static JsonValueKind Kind(JsonNode value) => value.GetValueKind() is JsonValueKind.False ? JsonValueKind.True : value.GetValueKind();
}
