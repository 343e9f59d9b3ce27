using Tailscale2Otel.Model;

namespace Tailscale2Otel.Tailscale;

/// <summary>Rules over the keys of one credential, wherever it stands.</summary>
static class ApiAuthRules
{
    /// <param name="path">Key of the credential, for example <c>tailscale.auth</c>.</param>
    /// <returns>Each as <c>key: what is allowed</c>. None for no credential at all.</returns>
    public static IEnumerable<string> Failures(string path, ApiAuthOptions auth)
    {
        if (auth.IsSet)
            return OfMethod(path, auth);
        var others = Set(path, auth);
        return others.Count == 0 ? [] : [$"{path}.method: {Name(auth.Method)} needs {Needed(path, auth.Method)}, but set is {string.Join(" and ", others)}; set that, or another method"];
    }

    static List<string> OfMethod(string path, ApiAuthOptions auth)
    {
        List<string> failures = [];
        switch (auth.Method)
        {
            case ApiAuthMethod.Apikey:
                Word(failures, $"{path}.apikey", auth.Apikey!);
                break;
            case ApiAuthMethod.WorkloadIdentity:
                if (auth.WorkloadIdentity.ClientId.Length == 0)
                    failures.Add($"{path}.workload_identity.client_id: must be set for the method workload_identity");
                if (!CanBeRead(auth.WorkloadIdentity.IdTokenFile))
                    failures.Add($"{path}.workload_identity.id_token_file: must be a file that can be read");
                break;
            default:
                Word(failures, $"{path}.oauth.client_secret", auth.Oauth.ClientSecret!);
                break;
        }

        return failures;
    }

    /// <summary>What is set, of whichever method.</summary>
    static List<string> Set(string path, ApiAuthOptions auth)
    {
        List<string> set = [];
        if (auth.Oauth.ClientId.Length > 0)
            set.Add($"{path}.oauth.client_id");
        if (auth.Oauth.ClientSecret is { IsEmpty: false })
            set.Add($"{path}.oauth.client_secret");
        if (auth.Apikey is { IsEmpty: false })
            set.Add($"{path}.apikey");
        if (auth.WorkloadIdentity.ClientId.Length > 0)
            set.Add($"{path}.workload_identity.client_id");
        if (auth.WorkloadIdentity.IdTokenFile.Length > 0)
            set.Add($"{path}.workload_identity.id_token_file");
        return set;
    }

    static string Name(ApiAuthMethod method) => method switch
    {
        ApiAuthMethod.Apikey => "apikey",
        ApiAuthMethod.WorkloadIdentity => "workload_identity",
        _ => "oauth",
    };

    static string Needed(string path, ApiAuthMethod method) => method switch
    {
        ApiAuthMethod.Apikey => $"{path}.apikey",
        ApiAuthMethod.WorkloadIdentity => $"{path}.workload_identity.id_token_file",
        _ => $"{path}.oauth.client_secret",
    };

    /// <summary>It goes into a header or a form, and no credential of Tailscale's has white space in it.</summary>
    static void Word(List<string> failures, string key, Secret secret)
    {
        if (!TokenEndpoint.IsToken(secret.Reveal()))
            failures.Add($"{key}: printable ASCII without white space");
    }

    static bool CanBeRead(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}
