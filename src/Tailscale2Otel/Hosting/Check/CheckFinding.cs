namespace Tailscale2Otel.Hosting.Check;

/// <summary>The answer to one question.</summary>
/// <param name="ToDo">Empty when there is nothing to do. Also good news may have some.</param>
readonly record struct CheckFinding(CheckState State, string Detail, string ToDo = "")
{
    public static CheckFinding Ok(string detail, string toDo = "") => new(CheckState.Ok, detail, toDo);

    public static CheckFinding Missing(string detail, string toDo) => new(CheckState.Missing, detail, toDo);

    public static CheckFinding Failed(string detail, string toDo) => new(CheckState.Failed, detail, toDo);

    public static CheckFinding NotUsed(string detail) => new(CheckState.NotUsed, detail);

    /// <summary>The same where the configuration does not use what was asked: worth knowing, and nothing to do.</summary>
    public CheckFinding WithoutUse() => State switch
    {
        CheckState.NotUsed => this,
        CheckState.Ok => NotUsed($"would work: {Detail}"),
        _ => NotUsed($"would not work: {Detail}"),
    };
}
