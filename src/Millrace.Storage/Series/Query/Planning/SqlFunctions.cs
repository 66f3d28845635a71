using Millrace.Storage.DuckDb;

namespace Millrace.Storage.Series.Query.Planning;

/// <summary>What kinds of functions DuckDB has under a name. A name that we have made a macro of is none of its own functions.</summary>
internal sealed class SqlFunctions
{
    private readonly HashSet<string> _scalar = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _others = new(StringComparer.OrdinalIgnoreCase);

    public SqlFunctions(Connection connection)
    {
        using var result = connection.Query("SELECT DISTINCT function_name, CASE WHEN function_type = 'scalar' AND stability = 'VOLATILE' THEN 'volatile' ELSE function_type END FROM duckdb_functions()");
        while (result.Fetch() is { } chunk)
        {
            using (chunk)
            {
                for (var row = 0; row < chunk.Count; row++)
                {
                    var name = System.Text.Encoding.UTF8.GetString(chunk.Vector(0).Text(row));
                    (chunk.Vector(1).Text(row).SequenceEqual("scalar"u8) ? _scalar : _others).Add(name);
                    if (chunk.Vector(1).Text(row).SequenceEqual("macro"u8)) Macros.Add(name);
                }
            }
        }
    }

    public HashSet<string> Macros { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether it makes one value out of values of one row, the same whenever it is called, and nothing else has its name.</summary>
    public bool IsScalar(string name) => _scalar.Contains(name) && !_others.Contains(name);
}
