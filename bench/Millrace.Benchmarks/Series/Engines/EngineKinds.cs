using Millrace.Benchmarks.Stacks;

namespace Millrace.Benchmarks.Series.Engines;

/// <summary>Every engine; the first is ours, and the next is the one that the mean is compared with.</summary>
internal static class EngineKinds
{
    public const string Ours = "ours";
    public const string Postgres = "postgres";

    public const string ClickHouse = "clickhouse";
    public const string Influx = "influx";

    public static IReadOnlyList<string> Names { get; } = [Ours, Postgres, ClickHouse, Influx];

    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="server">Another millrace.dll than the one built beside this; null for that one.</param>
    public static EngineKind Of(string name, string? server) => name switch
    {
        Ours => new(name, "millrace", [], (directory, stop) => MillraceEngine.StartAsync(MillraceStart.ProgramOr(server), directory, stop)),
        Postgres => new(name, "PostgreSQL", ["postgres"], PostgresEngine.StartAsync),
        ClickHouse => new(name, "ClickHouse", ["clickhouse-server"], ClickHouseEngine.StartAsync),
        _ => new(name, "InfluxDB", ["influxd"], InfluxEngine.StartAsync),
    };
}
