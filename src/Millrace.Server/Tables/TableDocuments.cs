using System.Text.Json;
using Millrace.Contracts;
using Millrace.Contracts.Documents;
using Millrace.Contracts.Tables;

namespace Millrace.Server.Tables;

/// <summary>What was said about tables and databases at run time, kept as documents.</summary>
internal sealed class TableDocuments(IDocumentStore documents, TimeProvider clock)
{
    private const string Tables = "tables";
    private const string Names = "databases";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Databases that were made by name.</summary>
    public IEnumerable<string> Databases => documents.List(Names).Select(static found => found.Key);

    public TableChange? Find(TableName name) => documents.Find(Tables, name.ToString()) is { } bytes ? Read(name.ToString(), bytes) : null;

    public IEnumerable<(TableName Name, TableChange Change)> List()
    {
        foreach (var (key, bytes) in documents.List(Tables))
            if (TableName.TryParse(key, out var name)) yield return (name, Read(key, bytes));
    }

    /// <summary>Ends when it would survive pulling the plug.</summary>
    /// <exception cref="FaultException">Unavailable: the disk is too slow or refuses.</exception>
    public Task PutAsync(TableName name, TableChange change) =>
        WriteAsync(new DocumentChange(Tables, name.ToString(), JsonSerializer.SerializeToUtf8Bytes(change, TablesJson.Default.TableChange)));

    /// <inheritdoc cref="PutAsync"/>
    public Task RemoveAsync(TableName name) => WriteAsync(new DocumentChange(Tables, name.ToString(), null));

    /// <inheritdoc cref="PutAsync"/>
    public Task PutDatabaseAsync(string name) => WriteAsync(new DocumentChange(Names, name, "{}"u8.ToArray()));

    /// <inheritdoc cref="PutAsync"/>
    public Task RemoveDatabaseAsync(string name) => WriteAsync(new DocumentChange(Names, name, null));

    private async Task WriteAsync(DocumentChange change)
    {
        var safe = new Waiter();
        documents.Write([change], safe);
        try
        {
            await safe.Task.WaitAsync(Patience, clock);
        }
        catch (TimeoutException late)
        {
            throw new FaultException(Fault.Unavailable, $"the change was not safe on disk within {Patience.TotalSeconds:0} s: the disk is slow or full. Try again", late);
        }
    }

    private static TableChange Read(string name, byte[] bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, TablesJson.Default.TableChange) ?? throw new JsonException("it is null");
        }
        catch (JsonException wrong)
        {
            throw new FaultException(Fault.Corrupt, $"the stored options of table {name} cannot be read: {wrong.Message}", wrong);
        }
    }

    private sealed class Waiter : IWriteListener
    {
        private readonly TaskCompletionSource _safe = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Task => _safe.Task;

        public void Written(long number) => _safe.TrySetResult();
    }
}
