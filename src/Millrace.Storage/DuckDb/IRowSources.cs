namespace Millrace.Storage.DuckDb;

/// <summary>What the statements of a connection can read through <see cref="RowFunction"/>.</summary>
internal interface IRowSources
{
    /// <returns>Null where nothing has this number.</returns>
    IRowSource? Find(long number);
}
