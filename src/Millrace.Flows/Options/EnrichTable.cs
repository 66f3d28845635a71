using Millrace.Contracts;

namespace Millrace.Flows.Options;

/// <summary>A file: CSV with a heading, a JSON array of objects, or JSON Lines. Read anew when it changes.</summary>
/// <param name="File">Below the server's directory of reference files.</param>
/// <param name="Key">The column, or member, in which keys are looked for.</param>
public sealed record EnrichTable(string File, string Key) : EnrichSource
{
    private static readonly string[] Endings = [".csv", ".json", ".jsonl", ".ndjson"];

    public override IEnumerable<Problem> Check()
    {
        if (File.Length == 0 || Path.IsPathRooted(File) || File.Split('/', '\\').Any(static part => part is "" or "." or ".."))
            yield return new("table", "must name a file below the directory of reference files, as cars.csv or plant/cars.csv");
        else if (!Endings.Any(ending => File.EndsWith(ending, StringComparison.OrdinalIgnoreCase)))
            yield return new("table", $"must end in one of {string.Join(", ", Endings)}: the ending says how the file is read");
        if (Key.Length == 0) yield return new("key", "must name the column that holds the keys");
    }
}
