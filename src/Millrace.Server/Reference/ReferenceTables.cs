using System.Collections.Concurrent;
using Millrace.Flows.Enriching;

namespace Millrace.Server.Reference;

/// <summary>All reference files that flows use, each read once for each of its keys.</summary>
internal sealed class ReferenceTables(IReferenceFiles files, TimeProvider clock, ILogger logger) : IReferenceTables
{
    private readonly ConcurrentDictionary<(string File, string Key), ReferenceTable> _tables = new();

    /// <summary>What keeps flows waiting: files that were never read without a mistake. Of a file that was, the log tells.</summary>
    public IEnumerable<string> Problems => _tables.Values.Where(static table => !table.HasRows).Select(static table => table.Problem).OfType<string>();

    public IReferenceTable Open(string file, string key) => _tables.GetOrAdd((file, key), at => new ReferenceTable(at.File, at.Key, files, clock, logger));
}
