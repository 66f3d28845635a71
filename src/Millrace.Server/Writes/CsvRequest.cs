using Millrace.Contracts;
using Millrace.Contracts.Tables;
using Millrace.Sql.Payload;

namespace Millrace.Server.Writes;

/// <summary>What a request to load a CSV says about its columns.</summary>
internal sealed record CsvRequest(TableName Table)
{
    private static readonly Dictionary<string, TimeUnit> Units = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ns"] = TimeUnit.Nanoseconds, ["nanoseconds"] = TimeUnit.Nanoseconds,
        ["us"] = TimeUnit.Microseconds, ["microseconds"] = TimeUnit.Microseconds,
        ["ms"] = TimeUnit.Milliseconds, ["milliseconds"] = TimeUnit.Milliseconds,
        ["s"] = TimeUnit.Seconds, ["seconds"] = TimeUnit.Seconds,
    };

    public string Time { get; init; } = "time";

    public TimeUnit Unit { get; init; } = TimeUnit.Milliseconds;

    /// <summary>Null: those of the table.</summary>
    public IReadOnlyList<string>? Dimensions { get; init; }

    /// <summary>Null: all columns that are nothing else.</summary>
    public IReadOnlyList<string>? Measures { get; init; }

    /// <summary>Null: the column measure_name says it, or else it is the table's name.</summary>
    public string? MeasureName { get; init; }

    /// <summary>Null: every record has version 1.</summary>
    public string? Version { get; init; }

    public IReadOnlyDictionary<string, MeasureType> Types { get; init; } = new Dictionary<string, MeasureType>();

    /// <summary>Every column that is named.</summary>
    public IEnumerable<string> Named =>
        [.. Dimensions ?? [], .. Measures ?? [], .. Types.Keys, .. Version is null ? (string[])[] : [Version]];

    /// <exception cref="FaultException">Refused: a parameter is unknown or wrong.</exception>
    public static CsvRequest Of(IEnumerable<KeyValuePair<string, string>> parameters)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in parameters)
        {
            if (name is not ("table" or "time" or "timeUnit" or "dimensions" or "measures" or "measureName" or "version" or "types"))
                throw Refused($"the parameter {Pipeline.Yaml.Quote.Text(name)} is unknown; there are table, time, timeUnit, dimensions, measures, measureName, version and types");
            values[name] = value;
        }

        if (!TableName.TryParse(values.GetValueOrDefault("table"), out var table))
            throw Refused("table must be database.table, of letters, digits, _ and -: POST /api/v1/write?table=fleet.readings");
        var request = new CsvRequest(table) { Dimensions = List("dimensions"), Measures = List("measures"), MeasureName = values.GetValueOrDefault("measureName"), Version = values.GetValueOrDefault("version") };
        if (values.TryGetValue("time", out var time)) request = request with { Time = time };
        if (values.TryGetValue("timeUnit", out var unit))
            request = request with { Unit = Units.TryGetValue(unit, out var known) ? known : throw Refused("timeUnit must be ns, us, ms or s, or nanoseconds, microseconds, milliseconds or seconds") };
        return request with { Types = List("types")?.Select(TypeOf).ToDictionary() ?? [] };

        IReadOnlyList<string>? List(string name) =>
            values.TryGetValue(name, out var text) ? text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : null;
    }

    private static (string Name, MeasureType Type) TypeOf(string text)
    {
        var at = text.LastIndexOf(':');
        return at > 0 && MeasureTypes.TryParse(text[(at + 1)..], out var type)
            ? (text[..at], type)
            : throw Refused($"types must be as load:double,status:varchar; types are {string.Join(", ", MeasureTypes.Names)}, not {Pipeline.Yaml.Quote.Text(text)}");
    }

    private static FaultException Refused(string message) => new(Fault.Refused, message);
}
