using System.Globalization;
using Millrace.Storage.DuckDb;

namespace Millrace.Storage.Series;

/// <summary>The rows of a table that a higher version replaced: still stored, and left out by the table's view. Under the store's lock.</summary>
/// <remarks>
/// Files are never changed, so a replaced row is named here until its file goes. Few tables ever replace anything, and only those pay for it, with an
/// anti join. An entry belongs to the generation of the row that replaces: both become durable together.
/// </remarks>
internal sealed class ReplacedRows(SeriesTable table)
{
    private readonly List<(int Series, long TimeNs, long Version, int Target, int Generation)> _pending = [];
    private bool _made;

    /// <summary>DuckDB's name of the table.</summary>
    public string Name { get; } = $"replaced_{table.Id}";

    /// <summary>Whether there ever was one since the store was opened: DuckDB's table is there then.</summary>
    public bool Any => _made;

    public bool Pending => _pending.Count > 0;

    /// <param name="series">The row's series.</param>
    /// <param name="timeNs">The row's time.</param>
    /// <param name="version">The row's version, which tells it from the one that replaces it.</param>
    /// <param name="target">The generation that holds the row; 0 for files.</param>
    /// <param name="generation">The generation that holds the row that replaces it.</param>
    public void Add(int series, long timeNs, long version, int target, int generation) => _pending.Add((series, timeNs, version, target, generation));

    /// <summary>Gives DuckDB the table, where there is something to put into it.</summary>
    /// <param name="connection">The store's.</param>
    /// <param name="file">What a file remembers of earlier runs; else null.</param>
    public void Prepare(Connection connection, string? file = null)
    {
        if (_made || (_pending.Count == 0 && file is null)) return;
        connection.Execute(
            $"CREATE TABLE {SeriesSql.Own(Name)} (series INTEGER, time TIMESTAMP_NS, version BIGINT, target INTEGER, generation INTEGER)");
        if (file is not null)
            connection.Execute($"INSERT INTO {SeriesSql.Own(Name)} SELECT series, time, version, 0, 0 FROM {SeriesSql.ReadParquet([file])}");
        _made = true;
        table.ViewStale = true;
    }

    /// <summary>Hands all entries over to DuckDB, in the connection's transaction; <see cref="Settle"/> when that is committed.</summary>
    public void Append(Connection connection)
    {
        if (_pending.Count == 0) return;
        const int rowsAtOnce = 500;
        foreach (var rows in _pending.Chunk(rowsAtOnce))
        {
            var values = rows.Select(static row => string.Create(
                CultureInfo.InvariantCulture, $"({row.Series}, {SeriesSql.Time(row.TimeNs)}, {row.Version}, {row.Target}, {row.Generation})"));
            connection.Execute($"INSERT INTO {SeriesSql.Own(Name)} VALUES {string.Join(", ", values)}");
        }
    }

    public void Settle() => _pending.Clear();

    /// <summary>Writes down what is replaced in the files once a generation is one of them.</summary>
    public string Copy(int generation, string path) => SeriesSql.Copy(
        string.Create(
            CultureInfo.InvariantCulture,
            $"SELECT series, time, version FROM {SeriesSql.Own(Name)} WHERE generation <= {generation} AND NOT (generation = {generation} AND target = {generation}) ORDER BY ALL"),
        path);

    /// <summary>Forgets what a generation replaced of its own: its files were written without.</summary>
    public string Forget(int generation) => string.Create(
        CultureInfo.InvariantCulture, $"DELETE FROM {SeriesSql.Own(Name)} WHERE generation = {generation} AND target = {generation}");
}
