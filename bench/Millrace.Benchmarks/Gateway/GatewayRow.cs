namespace Millrace.Benchmarks.Gateway;

/// <summary>One line of the report.</summary>
/// <param name="Name">For <c>--rows</c>.</param>
/// <param name="Group">Lines of one group stand together, under this heading.</param>
/// <param name="Title">Within the group.</param>
/// <param name="Measure">What is done for it.</param>
internal sealed record GatewayRow(string Name, string Group, string Title, Func<GatewayOptions, IMeasure> Measure)
{
    public bool OverTls { get; init; }
}
