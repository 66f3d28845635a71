using Millrace.Contracts;

namespace Millrace.Flows.Options;

/// <summary>Into a named stream, for other flows to read.</summary>
public sealed record StreamSinkOptions : SinkOptions
{
    public override string Kind => "stream";

    public override string Target => Name;

    public override string ActionName => "KinesisAction";

    /// <summary>A declared stream; a template.</summary>
    public required string Name { get; init; }

    /// <summary>A template; records of the same key keep their order. Null: the key they have, which is the client id.</summary>
    public string? Key { get; init; }

    /// <summary>How many elements an array may have, each of which becomes a record of its own; null: an array is one record.</summary>
    public int? BatchLimit { get; init; }

    public override IEnumerable<Problem> Check()
    {
        var problems = new List<Problem>();
        if (!Templates.Sample(Name, "name", problems).IsPlainName()) problems.Add(new("name", PlainNames.Rule));
        if (Key is not null && Templates.Sample(Key, "key", problems).Length == 0) problems.Add(new("key", "is empty; leave it out for the client id"));
        return problems;
    }
}
