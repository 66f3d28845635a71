using System.Text.Json.Serialization;
using Millrace.Contracts.Tables;
using Millrace.Storage.DuckDb;

namespace Millrace.Storage.Series;

/// <summary>A column of the rows of a table, in memory and in files. A table's stored columns only ever become more.</summary>
/// <param name="Name">In the files: series, time, version, double, bigint, varchar, boolean, and m0, m1, … for measures of multi-measure records.</param>
/// <param name="Type">What it holds.</param>
internal readonly record struct StoredColumn(string Name, MeasureType Type)
{
    public const string Series = "series";
    public const string Time = "time";
    public const string Version = "version";

    /// <summary>The first columns of every table: these are never null. Not to be changed.</summary>
    public static StoredColumn[] First { get; } = [new(Series, MeasureType.Bigint), new(Time, MeasureType.Timestamp)];

    [JsonIgnore]
    public ColumnType ChunkType => Name == Series ? ColumnType.Integer : Type switch
    {
        MeasureType.Double => ColumnType.Double,
        MeasureType.Bigint => ColumnType.BigInt,
        MeasureType.Varchar => ColumnType.Varchar,
        MeasureType.Boolean => ColumnType.Boolean,
        _ => ColumnType.TimestampNs,
    };
}
