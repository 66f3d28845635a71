namespace Millrace.Storage.Series.Query.Planning;

/// <summary>A statement as it is to run: its tables replaced by the rows it wants of them.</summary>
internal sealed class QueryPlan
{
    /// <summary>The statement with its parts replaced.</summary>
    public required string Sql { get; init; }

    public required Splices Splices { get; init; }

    /// <summary>The columns of the answer are called as those of the statement as it was written.</summary>
    public required bool Renames { get; init; }

    /// <summary>What is read of each table, a line each, for EXPLAIN.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}
