using System.Globalization;
using System.Text;
using System.Text.Json;
using Millrace.Contracts;
using Millrace.Contracts.Tables;
using Millrace.Sql.Payload;

namespace Millrace.Server.Writes;

/// <summary>The JSON of Timestream's WriteRecords: a database, a table, common attributes and records.</summary>
internal static class WriteRecords
{
    /// <summary>Timestream takes 100.</summary>
    public const int MaxRecords = 10_000;

    private static readonly Dictionary<string, TimeUnit> Units = Enum.GetValues<TimeUnit>().ToDictionary(static unit => unit.ToString().ToUpperInvariant(), StringComparer.Ordinal);

    /// <summary>What is wrong with a request as a whole, so that none of its records is stored.</summary>
    /// <exception cref="FaultException">Refused, with what Timestream calls a ValidationException.</exception>
    public static TableName Check(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) throw Refused("the body must be an object {\"DatabaseName\",\"TableName\",\"Records\":[…]}");
        if (!TableName.TryParse($"{Needed(root, "DatabaseName")}.{Needed(root, "TableName")}", out var name))
            throw Refused("DatabaseName and TableName have 1 to 256 letters, digits, _ and -");
        if (!root.TryGetProperty("Records", out var records) || records.ValueKind != JsonValueKind.Array) throw Refused("Records must be an array");
        if (records.GetArrayLength() is not (> 0 and <= MaxRecords)) throw Refused($"Records has {records.GetArrayLength()} elements; a request has 1 to {MaxRecords}");
        var common = CommonOf(root);
        if (common.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Object)) throw Refused("CommonAttributes must be an object");
        var shared = NamesOf(common, "CommonAttributes");
        var index = 0;
        foreach (var record in records.EnumerateArray())
        {
            var where = string.Create(CultureInfo.InvariantCulture, $"Records[{index++}]");
            if (record.ValueKind != JsonValueKind.Object) throw Refused($"{where} must be an object");
            foreach (var dimension in NamesOf(record, where))
                if (shared.Contains(dimension)) throw Refused($"{where}: the dimension {Pipeline.Yaml.Quote.Text(dimension)} is in CommonAttributes too; it may stand in one of them");
        }

        return name;
    }

    /// <summary>Makes a point of each record, under its index.</summary>
    /// <param name="root">Checked.</param>
    /// <param name="table">The one it names.</param>
    /// <param name="arrivalNs">When it came.</param>
    /// <param name="points">Gets the points.</param>
    /// <param name="refused">Told the records that are none, and why.</param>
    public static void Read(JsonElement root, ISeriesTable table, long arrivalNs, PointBatch points, Action<int, string> refused)
    {
        var common = CommonOf(root);
        var index = 0;
        foreach (var record in root.GetProperty("Records").EnumerateArray())
        {
            if (Add(new Attributes(record, common), index, table, arrivalNs, points) is { } wrong) refused(index, wrong);
            index++;
        }
    }

    private static string? Add(Attributes record, int index, ISeriesTable table, long arrivalNs, PointBatch points)
    {
        if (record.Text("MeasureName") is not { Length: > 0 } measureName) return "MeasureName is missing";
        var unitName = record.Text("TimeUnit") ?? "MILLISECONDS";
        if (!Units.TryGetValue(unitName, out var unit)) return $"TimeUnit {Quoted(unitName)} is unknown; there are MILLISECONDS, SECONDS, MICROSECONDS and NANOSECONDS";
        if (record.Text("Time") is not { } time) return "Time is missing";
        if (!TimeText.TryParseEpoch(Encoding.UTF8.GetBytes(time), unit, out var timeNs)) return $"Time {Quoted(time)} is not a number of {unitName} from 1677 to 2262";
        var version = 1L;
        if (record.Text("Version") is { } text && !long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out version)) return $"Version {Quoted(text)} is not a whole number";

        var type = record.Text("MeasureValueType") ?? "DOUBLE";
        var value = record.Text("MeasureValue");
        var values = record.Member("MeasureValues");
        if (value is not null && values is not null) return "MeasureValue and MeasureValues are both there; a record has one of them";
        if (type == "MULTI" != values is not null)
            return values is null ? "MeasureValueType is MULTI, and MeasureValues is missing" : $"MeasureValueType must be MULTI where there are MeasureValues, not {Quoted(type)}";
        if (values is null && value is null) return "MeasureValue is missing";

        points.Begin(table, index, Encoding.UTF8.GetBytes(measureName), values is not null, timeNs, version, arrivalNs);
        var wrong = Dimensions(record, table, points)
            ?? (values is { } all ? Values(all, table, unit, points) : Value(PointBatch.SingleMeasure, "MeasureValue", type, value!, unit, points));
        if (wrong is null) points.End();
        else points.Abandon();
        return wrong;
    }

    private static string? Dimensions(Attributes record, ISeriesTable table, PointBatch points)
    {
        foreach (var dimension in record.Dimensions())
        {
            var name = TextOf(dimension, "Name")!;
            if (TextOf(dimension, "DimensionValueType") is { } type && type != "VARCHAR") return $"dimension {Quoted(name)}: DimensionValueType must be VARCHAR, not {Quoted(type)}";
            if (TextOf(dimension, "Value") is not { } value) return $"dimension {Quoted(name)} has no Value";
            points.Dimension(table.DimensionColumn(name), Encoding.UTF8.GetBytes(value));
        }

        return null;
    }

    private static string? Values(JsonElement values, ISeriesTable table, TimeUnit unit, PointBatch points)
    {
        if (values.ValueKind != JsonValueKind.Array) return "MeasureValues must be an array";
        foreach (var measure in values.EnumerateArray())
        {
            if (TextOf(measure, "Name") is not { Length: > 0 } name) return "a measure in MeasureValues has no Name";
            if (TextOf(measure, "Value") is not { } value) return $"measure {Quoted(name)} has no Value";
            if (TextOf(measure, "Type") is not { } type) return $"measure {Quoted(name)} has no Type";
            if (Value(table.MeasureColumn(Encoding.UTF8.GetBytes(name)), $"measure {Quoted(name)}", type, value, unit, points) is { } wrong) return wrong;
        }

        return null;
    }

    private static string? Value(int column, string what, string type, string value, TimeUnit unit, PointBatch points)
    {
        switch (type)
        {
            case "DOUBLE" when double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number):
                points.Measure(column, number);
                return null;
            case "BIGINT" when long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole):
                points.Measure(column, MeasureType.Bigint, whole);
                return null;
            case "VARCHAR":
                points.Measure(column, Encoding.UTF8.GetBytes(value));
                return null;
            case "BOOLEAN" when bool.TryParse(value, out var truth):
                points.Measure(column, truth);
                return null;
            case "TIMESTAMP" when TimeText.TryParseEpoch(Encoding.UTF8.GetBytes(value), unit, out var timeNs):
                points.Measure(column, MeasureType.Timestamp, timeNs);
                return null;
            case "DOUBLE" or "BIGINT" or "BOOLEAN" or "TIMESTAMP":
                return $"{what} {Quoted(value)} is no {type}";
            default:
                return $"{what}: the type {Quoted(type)} is unknown; there are DOUBLE, BIGINT, VARCHAR, BOOLEAN, TIMESTAMP and MULTI";
        }
    }

    private static JsonElement CommonOf(JsonElement root) =>
        root.TryGetProperty("CommonAttributes", out var common) && common.ValueKind != JsonValueKind.Null ? common : default;

    private static HashSet<string> NamesOf(JsonElement attributes, string where)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        if (attributes.ValueKind != JsonValueKind.Object || !attributes.TryGetProperty("Dimensions", out var dimensions) || dimensions.ValueKind == JsonValueKind.Null) return names;
        if (dimensions.ValueKind != JsonValueKind.Array) throw Refused($"{where}.Dimensions must be an array");
        foreach (var dimension in dimensions.EnumerateArray())
        {
            if (TextOf(dimension, "Name") is not { } name) throw Refused($"{where}.Dimensions: each is an object with Name and Value");
            if (!names.Add(name)) throw Refused($"{where}: the dimension {Pipeline.Yaml.Quote.Text(name)} is there twice");
        }

        return names;
    }

    private static string Needed(JsonElement root, string name) => TextOf(root, name) ?? throw Refused($"{name} is missing");

    // Timestream has its values as texts; numbers and truths that are written as such mean the same.
    private static string? TextOf(JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out var member)) return null;
        return member.ValueKind switch
        {
            JsonValueKind.String => Unescaped(member),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => member.GetRawText(),
            _ => null,
        };
    }

    private static string? Unescaped(JsonElement text)
    {
        try
        {
            return text.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: no text, and no UTF-8.
            return null;
        }
    }

    private static string Quoted(string text) => Pipeline.Yaml.Quote.Text(text);

    private static FaultException Refused(string message) => new(Fault.Refused, message);

    /// <summary>A record's attributes, and behind them the common ones.</summary>
    private readonly struct Attributes(JsonElement record, JsonElement common)
    {
        public string? Text(string name) => TextOf(record, name) ?? TextOf(common, name);

        public JsonElement? Member(string name) =>
            record.TryGetProperty(name, out var own) && own.ValueKind != JsonValueKind.Null ? own
            : common.ValueKind == JsonValueKind.Object && common.TryGetProperty(name, out var shared) && shared.ValueKind != JsonValueKind.Null ? shared : null;

        public IEnumerable<JsonElement> Dimensions() => DimensionsOf(common).Concat(DimensionsOf(record));

        private static JsonElement.ArrayEnumerator DimensionsOf(JsonElement attributes) =>
            attributes.ValueKind == JsonValueKind.Object && attributes.TryGetProperty("Dimensions", out var dimensions) && dimensions.ValueKind == JsonValueKind.Array
                ? dimensions.EnumerateArray() : default;
    }
}
