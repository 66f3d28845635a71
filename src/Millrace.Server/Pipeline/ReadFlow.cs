using Millrace.Contracts;
using Millrace.Flows.Options;

namespace Millrace.Server.Pipeline;

/// <summary>A flow that was read, and where its parts stand in its file.</summary>
/// <param name="Options">The flow.</param>
/// <param name="Where">As <c>flows.alarm</c>; empty where it is the whole file.</param>
/// <param name="Sinks">Of the options, in their order.</param>
/// <param name="Errors">Null where the flow has no error destination.</param>
internal sealed record ReadFlow(FlowOptions Options, string Where, IReadOnlyList<SinkPart> Sinks, SinkPart? Errors)
{
    /// <summary>What the options say about themselves, at the places of the file.</summary>
    public IEnumerable<Problem> Check() => Options.Check().Select(problem => problem with { Where = PlaceOf(problem.Where) });

    /// <summary>Where an option of the flow stands.</summary>
    public string PlaceOf(string option)
    {
        var (head, rest) = Divided(option);
        if (head == "onError" && Errors is { } errors) return errors.PlaceOf(Divided(rest).Tail);
        if (head == "to" && Sinks.Count > 0) return Sinks[0].PlaceOf(Divided(rest).Tail);
        if (head.StartsWith("to[", StringComparison.Ordinal)) return Sinks[int.Parse(head.AsSpan(3..^1))].PlaceOf(Divided(rest).Tail);
        return Where.Length == 0 ? option : $"{Where}.{option}";
    }

    private static (string Head, string Tail) Divided(string option) =>
        option.IndexOf('.', StringComparison.Ordinal) is var dot and >= 0 ? (option[..dot], option[(dot + 1)..]) : (option, "");
}
