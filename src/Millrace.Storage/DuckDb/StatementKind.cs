namespace Millrace.Storage.DuckDb;

/// <summary>duckdb_statement_type, of which only these matter here.</summary>
internal enum StatementKind
{
    Invalid = 0,
    Select = 1,
    Explain = 4,
}
