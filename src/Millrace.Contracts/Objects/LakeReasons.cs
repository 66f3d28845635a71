namespace Millrace.Contracts.Objects;

/// <summary>How reasons begin by which a lake refuses a record, where what becomes of it depends on them.</summary>
public static class LakeReasons
{
    /// <summary>It fits into no row of a Parquet file.</summary>
    public const string NoRow = "cannot be a row of a Parquet file: ";
}
