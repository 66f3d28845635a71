using Millrace.Contracts;

namespace Millrace.Flows.Options;

/// <summary>Into the server's own log, a line a record.</summary>
public sealed record LogSinkOptions : SinkOptions
{
    /// <summary>Elements of an array that become lines of their own, as CloudWatch takes them.</summary>
    public const int MostInBatch = 10_000;

    public override string Kind => "log";

    public override string Target => Group;

    public override string ActionName => "CloudwatchLogsAction";

    /// <summary>Begins each line; a template.</summary>
    public required string Group { get; init; }

    /// <summary>Whether a record is an array of <c>{"timestamp":…,"message":"…"}</c>.</summary>
    public bool Batch { get; init; }

    public override IEnumerable<Problem> Check()
    {
        var problems = new List<Problem>();
        if (Templates.Sample(Group, "group", problems).Length == 0) problems.Add(new("group", "must not be empty"));
        return problems;
    }
}
