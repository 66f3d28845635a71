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

    private Task WriteAsync(DocumentChange change) => documents.SafelyAsync(clock, "the change", change);

    private static TableChange Read(string name, byte[] bytes) => SafeDocuments.Read(bytes, TablesJson.Default.TableChange, $"the stored options of table {name}");
}
