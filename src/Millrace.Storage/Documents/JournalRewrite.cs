using Millrace.Contracts.Documents;
using Millrace.Storage.Files;

namespace Millrace.Storage.Documents;

/// <summary>A new journal on its way to replace the old one: all documents, step by step, while commits go on. Writer thread only.</summary>
/// <remarks>
/// A document is copied as it is when its turn comes, perhaps ahead of the commit of its last change, and every commit since the beginning is written here
/// too. As later changes win, the file says the right thing once all have had their turn and what was written until then stands behind them. Only then
/// does it get the name.
/// </remarks>
internal sealed class JournalRewrite(DocumentEnvironment environment, DocumentState state, string path, int generation) : IDisposable
{
    private const string Unfinished = ".tmp";

    private readonly JournalFile _file = JournalFile.Create(
        environment.Disk, UnfinishedOf(path), new JournalHeader(environment.Clock.GetUtcNow().ToUnixTimeMilliseconds(), generation));
    private readonly Queue<string> _collections = new(state.Collections());
    private readonly List<DocumentChange> _changes = [];
    private readonly JournalFrame _frame = new();
    private string _collection = "";
    private ReadOnlyMemory<string> _keys;
    private bool _named;

    public static string UnfinishedOf(string path) => path + Unfinished;

    /// <summary>Copies some more documents, durably.</summary>
    /// <returns>False where all have had their turn.</returns>
    public bool Step()
    {
        while (_keys.IsEmpty)
        {
            if (!_collections.TryDequeue(out var collection)) return false;
            _collection = collection;
            _keys = state.Keys(collection);
        }

        _keys = _keys[state.Copy(_collection, _keys.Span, environment.Options.RewriteStep.Bytes, _changes)..];
        _frame.Add(_changes);
        _file.Write(_frame);
        _file.Sync();
        _frame.Clear();
        _changes.Clear();
        return true;
    }

    public void Write(JournalFrame committed) => _file.Write(committed);

    /// <summary>Makes it say all there is, durably.</summary>
    /// <param name="last">What was written since, and is in no commit.</param>
    public void Complete(JournalFrame last)
    {
        _file.Write(last);
        // A frame without changes: where the one before it goes bad, this one is the witness that it was not torn.
        if (last.Count > 0) _file.Write(_frame);
        _file.Sync();
    }

    /// <summary>Puts it in the place of the old one, durably. Where it throws, nobody knows which of them has the name.</summary>
    /// <returns>The caller's from now on.</returns>
    public JournalFile TakeName()
    {
        environment.Disk.Rename(UnfinishedOf(path), path);
        environment.Disk.SyncDirectory(AtomicFile.DirectoryOf(path));
        _named = true;
        return _file;
    }

    public void Dispose()
    {
        if (_named) return;
        _file.Dispose();
        try
        {
            environment.Disk.Delete(UnfinishedOf(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next one overwrites it, and the next start deletes it.
        }
    }
}
