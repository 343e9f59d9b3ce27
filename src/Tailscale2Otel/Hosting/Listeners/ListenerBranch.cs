namespace Tailscale2Otel.Hosting.Listeners;

/// <summary>Gives each listener of the one server a pipeline of its own.</summary>
static class ListenerBranch
{
    /// <summary>What comes in by the listener goes into the branch and nowhere else.</summary>
    public static IApplicationBuilder UseListener(this IApplicationBuilder app, string name, Action<IApplicationBuilder> branch) =>
        app.MapWhen(context => context.Features.Get<ListenerFeature>()?.Name == name, branch);
}
