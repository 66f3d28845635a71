using Millrace.Contracts;
using Millrace.Contracts.Tables;
using Millrace.Flows.Options;
using Millrace.Server.Pipeline;
using Millrace.Storage.Series;

namespace Millrace.Server.Tables;

/// <summary>Tables and databases that come, change and go while the server runs, beside those of the pipeline file.</summary>
/// <remarks>
/// For each option the pipeline file's word holds where it names the option, else what was said at run time, else the default. So neither silently undoes
/// the other: what the file names cannot be changed at run time.
/// </remarks>
internal sealed class TableHost(SeriesStore series, TableDocuments documents)
{
    private readonly SemaphoreSlim _changing = new(1);
    private volatile Dictionary<TableName, TableDeclaration> _declared = [];

    /// <summary>All flows and rules there are.</summary>
    public Func<IEnumerable<FlowOptions>> Flows { get; set; } = static () => [];

    /// <summary>Makes tables what the pipeline file says, and those that were made at run time what was said then.</summary>
    /// <exception cref="FaultException">Refused: a name or a dimension is not possible.</exception>
    public void Declare(IEnumerable<TableDeclaration> declared)
    {
        var before = _declared;
        _declared = declared.ToDictionary(static table => table.Name);
        foreach (var name in _declared.Keys.Concat(documents.List().Select(static table => table.Name)).Concat(before.Keys.Where(name => series.OptionsOf(name) is not null)).Distinct())
            series.Declare(name, Effective(name));
    }

    /// <summary>Ordered by name.</summary>
    /// <param name="database">Null: of all databases.</param>
    public IReadOnlyList<TableView> List(string? database = null) =>
        [.. series.Tables().Where(table => database is null || table.Name.Database == database).Select(table => new TableView(table, DeclaredOf(table.Name)))];

    public TableView? Find(TableName name) => List(name.Database).FirstOrDefault(table => table.Name == name);

    /// <summary>Ordered by name.</summary>
    public IReadOnlyList<DatabaseView> Databases()
    {
        var counts = series.Tables().CountBy(static table => table.Name.Database).ToDictionary(StringComparer.Ordinal);
        return [.. counts.Keys.Union(documents.Databases).Order(StringComparer.Ordinal).Select(name => new DatabaseView(name, counts.GetValueOrDefault(name)))];
    }

    public DatabaseView? FindDatabase(string name) => Databases().FirstOrDefault(database => database.Name == name);

    /// <summary>Makes a table, or changes what is named of one; durable.</summary>
    /// <returns>Whether there was none.</returns>
    /// <exception cref="FaultException">Refused, with the reason; Unavailable.</exception>
    public async Task<bool> PutAsync(TableName name, TableChange change)
    {
        if (change.Check().FirstOrDefault() is { } problem) throw Refused($"{problem.Where}: {problem.What}");
        if (DeclaredOf(name).Intersect(change.Named()).FirstOrDefault() is { } taken)
            throw Refused($"{taken} of {name} is declared in the pipeline file, which would undo it at the next start: change it there, or take it out there");
        await _changing.WaitAsync();
        try
        {
            var known = series.Tables().FirstOrDefault(table => table.Name == name);
            if (known is not null) CheckTypes(known, change);
            var after = change.After(documents.Find(name));

            await DeclareAsync(name, after, isNew: known is null);
            await documents.PutAsync(name, after);
            return known is null;
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Deletes a table with its rows; durable when it ends.</summary>
    /// <param name="name">The table.</param>
    /// <param name="force">Also where flows write to it, or the pipeline file declares it: then it comes back, empty.</param>
    /// <param name="stop">Ends the wait, not the deletion.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="FaultException">Refused, with the reason; Unavailable.</exception>
    public async Task<bool> DeleteAsync(TableName name, bool force, CancellationToken stop)
    {
        var writers = TableWriters.Of(name, Flows());
        if (!force && writers.Count > 0)
            throw Refused($"{string.Join(", ", writers)} {(writers.Count == 1 ? "writes" : "write")} to {name}, which would make it anew with the next record: change or disable that first, or delete with force");
        if (!force && _declared.ContainsKey(name))
            throw Refused($"{name} is declared in the pipeline file, which would make it anew at the next start: take it out there, or delete with force");
        await _changing.WaitAsync(stop);
        try
        {
            // The rows first: an end between the two leaves an empty table, and never rows of a deleted one.
            var was = await series.DeleteAsync(name, stop);
            if (documents.Find(name) is not null) await documents.RemoveAsync(name);
            else if (!was) return false;
            if (_declared.ContainsKey(name)) series.Declare(name, Effective(name));
            return true;
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <returns>Whether there was none.</returns>
    /// <exception cref="FaultException">Refused: no database can have the name; Unavailable.</exception>
    public async Task<bool> PutDatabaseAsync(string name)
    {
        if (!TableName.TryParse($"{name}.t", out _)) throw Refused($"a database has a name of 1 to 256 letters, digits, _ and -, not {Pipeline.Yaml.Quote.Text(name)}");
        if (FindDatabase(name) is not null) return false;
        SeriesStore.CheckDatabase(name);
        await documents.PutDatabaseAsync(name);
        return true;
    }

    /// <returns>Whether there was one.</returns>
    /// <exception cref="FaultException">Refused: it has tables; Unavailable.</exception>
    public async Task<bool> DeleteDatabaseAsync(string name)
    {
        if (FindDatabase(name) is not { } database) return false;
        if (database.Tables > 0) throw Refused($"{name} has {database.Tables} tables: delete them first (millrace table delete {name}.…)");
        await documents.RemoveDatabaseAsync(name);
        return true;
    }

    // First the store, which knows what it cannot have; a table that it refuses is not there afterwards.
    private async Task DeclareAsync(TableName name, TableChange change, bool isNew)
    {
        try
        {
            series.Declare(name, Effective(name, change));
        }
        catch (FaultException refused) when (isNew && refused.Fault == Fault.Refused)
        {
            await series.DeleteAsync(name, CancellationToken.None);
            throw;
        }
    }

    private static void CheckTypes(TableListing table, TableChange change)
    {
        foreach (var (name, text) in change.Measures ?? new Dictionary<string, string>())
        {
            var known = table.Columns.Where(column => column.Name == name).Select(static column => column.Type)
                .Concat(table.MeasureNames.Where(measure => measure.Name == name).Select(static measure => (MeasureType?)measure.Type))
                .FirstOrDefault(static type => type is not null);
            if (known is { } type && !Writes.MeasureTypes.NameOf(type).Equals(text, StringComparison.OrdinalIgnoreCase))
                throw Refused($"measure '{name}' of {table.Name} is {Writes.MeasureTypes.NameOf(type)} already, and stays that");
        }
    }

    private IReadOnlyList<string> DeclaredOf(TableName name) => _declared.TryGetValue(name, out var declared) ? [.. declared.Named()] : [];

    private TableOptions Effective(TableName name, TableChange? change = null)
    {
        var options = (change ?? documents.Find(name) ?? new TableChange()).Over(new TableOptions());
        return _declared.TryGetValue(name, out var declared) ? declared.Over(options) : options;
    }

    private static FaultException Refused(string message) => new(Fault.Refused, message);
}
