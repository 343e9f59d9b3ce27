using System.Text;

namespace Tailscale2Otel.Redaction;

/// <summary>Whom the ids and names of one record identify.</summary>
readonly record struct Subjects(SubjectKind Actor, SubjectKind Target)
{
    static readonly (byte[] Type, SubjectKind Kind)[] Types =
    [
        .. Of(SubjectKind.User, "USER", "ADMIN_CONSOLE"),
        .. Of(SubjectKind.Node, "NODE"),
        .. Of(SubjectKind.Tailnet, "TAILNET"),
        .. Of(SubjectKind.Thing, "API_KEY", "OAUTH_CLIENT", "OAUTH_ACCESS_TOKEN", "WEBHOOK_ENDPOINT", "LOGSTREAM", "FAILED_REQUEST", "GROUP"),
    ];

    /// <param name="type"><c>actor.type</c> or <c>target.type</c>; of the target <c>ADMIN_CONSOLE</c> is the user who signs in.</param>
    public static SubjectKind KindOf(ReadOnlySpan<byte> type)
    {
        foreach (var (known, kind) in Types)
        {
            if (Ascii.EqualsIgnoreCase(type, known))
                return kind;
        }

        return SubjectKind.Unknown;
    }

    static IEnumerable<(byte[] Type, SubjectKind Kind)> Of(SubjectKind kind, params string[] types) => types.Select(t => (Encoding.ASCII.GetBytes(t), kind));
}
