namespace Tailscale2Otel.Tailscale;

enum ApiAuthMethod
{
    Oauth,
    Apikey,
    WorkloadIdentity,
}
