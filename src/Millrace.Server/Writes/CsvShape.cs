using System.Text.Json;
using Millrace.Contracts;
using Millrace.Contracts.Tables;
using Millrace.Sql.Payload;

namespace Millrace.Server.Writes;

/// <summary>What the lines of a CSV mean. Kept with them in the log, so that they mean the same when they are read again.</summary>
internal sealed record CsvShape
{
    /// <summary>More than the longest name of a measure column can ever need; a line with more fields is a mistake.</summary>
    public const int MaxColumns = 2048;

    private const string ValuePrefix = "measure_value::";

    public required string Table { get; init; }

    public required IReadOnlyList<CsvColumn> Columns { get; init; }

    /// <summary>Of all records, where no column says it.</summary>
    public string? MeasureName { get; init; }

    /// <summary>Of times that are numbers.</summary>
    public TimeUnit Unit { get; init; } = TimeUnit.Milliseconds;

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, WritesJson.Default.CsvShape);

    public static CsvShape Of(ReadOnlySpan<byte> bytes) =>
        JsonSerializer.Deserialize(bytes, WritesJson.Default.CsvShape) ?? throw new FaultException(Fault.Corrupt, "the log of writes holds lines without what they mean");

    /// <summary>What a header and a request say together.</summary>
    /// <param name="header">The first line's fields.</param>
    /// <param name="asked">The request's parameters.</param>
    /// <param name="known">Names of the table's dimensions; null where there is no table yet.</param>
    /// <exception cref="FaultException">Refused: they do not fit.</exception>
    public static CsvShape Create(IReadOnlyList<string> header, CsvRequest asked, IReadOnlyList<string>? known)
    {
        if (header.Count > MaxColumns) throw Refused($"the header has {header.Count} columns; at most {MaxColumns} are taken");
        if (header.GroupBy(static name => name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(static same => same.Count() > 1) is { } twice)
            throw Refused($"the header has the column {Pipeline.Yaml.Quote.Text(twice.Key)} twice");
        foreach (var named in asked.Named)
            if (!header.Contains(named)) throw Refused($"the header has no column {Pipeline.Yaml.Quote.Text(named)}; it has {string.Join(", ", header)}");

        var dimensions = asked.Dimensions ?? known;
        var hasName = header.Contains("measure_name") && asked.MeasureName is null;
        var columns = header.Select(name => Column(name, asked, dimensions, hasName)).ToArray();
        if (!columns.Any(static column => column.Role == CsvRole.Time))
            throw Refused($"no column is the time: name one with time=COLUMN, of {string.Join(", ", header)}");
        if (dimensions is null)
            throw Refused($"there is no table {asked.Table} yet, so that nobody knows which columns are dimensions: name them with dimensions=a,b (or dimensions= for none)");
        if (!columns.Any(static column => column.Role is CsvRole.Measure or CsvRole.SingleValue)) throw Refused("no column is a measure");
        var single = columns.Any(static column => column.Role == CsvRole.SingleValue);
        if (!hasName && single) throw Refused($"the columns {ValuePrefix}… hold values without a name: they need the column measure_name");
        return new CsvShape
        {
            Table = asked.Table.ToString(),
            Columns = columns,
            MeasureName = hasName ? null : asked.MeasureName ?? asked.Table.Table,
            Unit = asked.Unit,
        };
    }

    private static CsvColumn Column(string name, CsvRequest asked, IReadOnlyList<string>? dimensions, bool hasName)
    {
        MeasureType? type = asked.Types.TryGetValue(name, out var given) ? given : null;
        if (name == asked.Time) return new CsvColumn(name, CsvRole.Time);
        if (name == asked.Version) return new CsvColumn(name, CsvRole.Version);
        if (hasName && name == "measure_name") return new CsvColumn(name, CsvRole.MeasureName);
        if (dimensions?.Contains(name) == true) return new CsvColumn(name, CsvRole.Dimension);
        if (asked.Measures is { } measures && !measures.Contains(name)) return new CsvColumn(name, CsvRole.Skip);
        if (!name.StartsWith(ValuePrefix, StringComparison.Ordinal)) return new CsvColumn(name, CsvRole.Measure, type);
        return new CsvColumn(name, CsvRole.SingleValue, MeasureTypes.TryParse(name[ValuePrefix.Length..], out var single) && single != MeasureType.Timestamp
            ? single
            : throw Refused($"the column {Pipeline.Yaml.Quote.Text(name)}: types of values are double, bigint, varchar and boolean"));
    }

    private static FaultException Refused(string message) => new(Fault.Refused, message);
}
