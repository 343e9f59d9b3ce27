using System.Diagnostics.CodeAnalysis;

namespace Tailscale2Otel.Model;

/// <summary>
/// What the configuration fills by its properties: an options class, a section within one, an item of a list of them. That it is one
/// is what keeps its properties in a native program, where nothing else mentions most of their setters.
/// </summary>
[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.NonPublicProperties)]
interface IConfigSection;
