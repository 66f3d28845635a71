using Millrace.Storage.DuckDb;

namespace Millrace.Storage.Series.Query;

/// <summary>A column of an answer.</summary>
public sealed class QueryColumn
{
    internal QueryColumn(string name, ColumnType asked, ColumnType type, int scale, ColumnType carrier)
    {
        Name = name;
        Asked = asked;
        Stored = type;
        Scale = scale;
        Carrier = carrier;
    }

    public string Name { get; }

    /// <summary>SQL's name of the type, lower case; json for lists, structs and maps.</summary>
    public string Type => Asked switch
    {
        ColumnType.TinyInt or ColumnType.SmallInt or ColumnType.Integer or ColumnType.UTinyInt or ColumnType.USmallInt => "integer",
        ColumnType.BigInt or ColumnType.UInteger => "bigint",
        ColumnType.UBigInt or ColumnType.HugeInt or ColumnType.UHugeInt or ColumnType.BigNum => "hugeint",
        ColumnType.Float or ColumnType.Double => "double",
        ColumnType.Decimal => "decimal",
        ColumnType.Boolean => "boolean",
        ColumnType.Timestamp or ColumnType.TimestampS or ColumnType.TimestampMs or ColumnType.TimestampNs or ColumnType.TimestampTz => "timestamp",
        ColumnType.Date => "date",
        ColumnType.Time or ColumnType.TimeTz or ColumnType.TimeNs => "time",
        ColumnType.Interval => "interval",
        ColumnType.Uuid => "uuid",
        ColumnType.Blob => "varbinary",
        _ => IsJson ? "json" : "varchar",
    };

    /// <summary>What the statement gives.</summary>
    internal ColumnType Asked { get; }

    /// <summary>What the chunks hold: types that are rare are turned into text by DuckDB.</summary>
    internal ColumnType Stored { get; }

    internal int Scale { get; }

    internal ColumnType Carrier { get; }

    /// <summary>Values are JSON text already.</summary>
    internal bool IsJson => MakesJson(Asked);

    internal static bool MakesJson(ColumnType type) =>
        type is ColumnType.List or ColumnType.Struct or ColumnType.Map or ColumnType.Array or ColumnType.Union;

    /// <summary>Whether chunks of this type are read here as they are.</summary>
    internal static bool IsPlain(ColumnType type) => type is ColumnType.Boolean
        or ColumnType.TinyInt or ColumnType.SmallInt or ColumnType.Integer or ColumnType.BigInt
        or ColumnType.UTinyInt or ColumnType.USmallInt or ColumnType.UInteger or ColumnType.UBigInt or ColumnType.HugeInt
        or ColumnType.Float or ColumnType.Double or ColumnType.Decimal or ColumnType.Varchar
        or ColumnType.Timestamp or ColumnType.TimestampS or ColumnType.TimestampMs or ColumnType.TimestampNs or ColumnType.TimestampTz or ColumnType.Date;
}
