using Millrace.Contracts;

namespace Millrace.Flows.Options;

/// <summary>Adds what is known elsewhere to each record: <c>{"vin":"V1","v":7}</c> becomes <c>{"vin":"V1","v":7,"model":"Transit"}</c>.</summary>
public sealed record EnrichOptions : StepOptions
{
    public override string Kind => "enrich";

    /// <summary>Where it is known.</summary>
    public required EnrichSource From { get; init; }

    /// <summary>The key to look for: a field of the record (a path with dots), or a template over the record as it is at this step.</summary>
    public required string With { get; init; }

    /// <summary>What is added of what was found, paths with dots; the last name of a path is the field's. Null: all.</summary>
    public ValueList<string>? Fields { get; init; }

    /// <summary>A field that gets all of it as an object; null: they become fields of the record itself.</summary>
    public string? Into { get; init; }

    /// <summary>Whether a record for which nothing is found is refused, to the dead letters; else it goes on as it is.</summary>
    public bool RefuseMissing { get; init; }

    /// <summary>Whether <see cref="With"/> is a template, and no field.</summary>
    public bool IsTemplate => With.Contains("${", StringComparison.Ordinal);

    public override IEnumerable<Problem> Check()
    {
        var problems = new List<Problem>(From.Check().Select(static problem => problem with { Where = $"from.{problem.Where}" }));
        if (IsTemplate) Templates.Sample(With, "with", problems);
        else if (!IsPath(With)) problems.Add(new("with", "must be a field, a path of fields with dots, or a template such as cars/${vin}"));
        if (Into is "") problems.Add(new("into", "must name a field; leave it out to add to the record itself"));
        if (Fields is { Count: 0 }) problems.Add(new("fields", "is empty; leave it out to add all"));
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var field in Fields ?? [])
        {
            if (!IsPath(field)) problems.Add(new("fields", $"'{field}' is no field and no path of fields"));
            else if (!names.Add(NameOf(field))) problems.Add(new("fields", $"two of them would be called '{NameOf(field)}'"));
        }

        return problems;
    }

    internal static string NameOf(string path) => path[(path.LastIndexOf('.') + 1)..];

    private static bool IsPath(string text) => text.Length > 0 && !text.Split('.').Contains("");
}
