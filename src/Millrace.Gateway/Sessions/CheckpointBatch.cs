using Millrace.Contracts.Documents;

namespace Millrace.Gateway.Sessions;

/// <summary>The writes of one checkpoint: in pieces that the documents take, in the order in which they were added.</summary>
internal sealed class CheckpointBatch(IDocumentStore documents)
{
    private const int LargestPiece = 4 * 1024 * 1024;

    private readonly List<DocumentChange> _piece = [];
    private List<Action> _then = [];
    private long _pieceBytes;

    /// <summary>Of all that was added.</summary>
    public long Bytes { get; private set; }

    public bool IsEmpty { get; private set; } = true;

    /// <summary>Adds changes that stay together: after a crash all of them are there or none.</summary>
    public void Add(IReadOnlyList<DocumentChange> changes)
    {
        var bytes = changes.Sum(static change => (long)change.Key.Length + (change.Value?.Length ?? 0));
        if (_pieceBytes + bytes > LargestPiece) Write();
        _piece.AddRange(changes);
        _pieceBytes += bytes;
        Bytes += bytes;
        IsEmpty = false;
    }

    /// <summary>What is to be done when that which was added last is safe.</summary>
    public void WhenWritten(Action then) => _then.Add(then);

    /// <summary>Writes what has not been written.</summary>
    public void Write()
    {
        if (_piece.Count == 0) return;
        documents.Write([.. _piece], _then.Count > 0 ? new Done(_then) : null);
        _piece.Clear();
        _then = [];
        _pieceBytes = 0;
    }

    private sealed class Done(List<Action> then) : IWriteListener
    {
        public void Written(long number)
        {
            foreach (var action in then) action();
        }
    }
}
