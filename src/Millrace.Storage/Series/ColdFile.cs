namespace Millrace.Storage.Series;

/// <summary>A block file of one table. It is its path: no other file ever has it, and what is in it never changes.</summary>
/// <param name="Path">Relative to the data directory.</param>
/// <param name="Rows">How many, those that were replaced too.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="FromNs">Time of its oldest row.</param>
/// <param name="ToNs">Time of its newest row.</param>
/// <param name="Columns">How many of the table's stored columns it has: the first ones.</param>
internal sealed record ColdFile(string Path, long Rows, long Bytes, long FromNs, long ToNs, int Columns)
{
    /// <summary>Code of its first series.</summary>
    public int FirstSeries { get; init; }

    /// <summary>Code of its last series.</summary>
    public int LastSeries { get; init; } = int.MaxValue;

    /// <summary>It is in the bucket for certain, so it need not be on the disk.</summary>
    public bool Remote { get; init; }

    public bool Equals(ColdFile? other) => other is not null && other.Path == Path;

    public override int GetHashCode() => Path.GetHashCode(StringComparison.Ordinal);
}
