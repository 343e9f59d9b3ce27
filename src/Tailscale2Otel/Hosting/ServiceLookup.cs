namespace Tailscale2Otel.Hosting;

/// <summary>Short forms for the composition.</summary>
static class ServiceLookup
{
    public static T Get<T>(this IServiceProvider services)
        where T : notnull => services.GetRequiredService<T>();

    public static ILogger<T> Log<T>(this IServiceProvider services) => services.GetRequiredService<ILogger<T>>();
}
