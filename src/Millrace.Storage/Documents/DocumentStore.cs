using Microsoft.Extensions.Logging;
using Millrace.Contracts;
using Millrace.Contracts.Documents;
using Millrace.Storage.Files;

namespace Millrace.Storage.Documents;

/// <summary>All documents of one data directory, in memory and in one journal, and the one thread that writes it.</summary>
/// <remarks>
/// What waits while the disk is busy shares the next write and fdatasync; listeners are told on the writer's thread. A journal that has grown well past
/// what it says is written anew meanwhile. One process at a time: take <see cref="DataDirectory.Lock"/> first. Any thread may call.
/// </remarks>
public sealed class DocumentStore : IDocumentStore, IAsyncDisposable
{
    /// <summary>The journal. It grows, and from time to time another one takes its place.</summary>
    public const string Path = "documents/journal";
    private readonly DocumentEnvironment _environment;
    private readonly DocumentState _state;
    private readonly DocumentWriter _writer;

    private DocumentStore(DocumentEnvironment environment, bool threaded)
    {
        _environment = environment;
        _state = new DocumentState(environment.Options.MaxPending);
        try
        {
            var file = JournalRecovery.Open(environment.Disk, Path, _state, environment.Logger);
            _writer = new DocumentWriter(environment, _state, Path, file, threaded);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(Fault.Unavailable, $"{Path} cannot be opened: {e.Message}", e);
        }
    }

    /// <summary>Reads what an earlier life wrote, without the end of it where a crash left that unfinished, and starts the writer.</summary>
    /// <param name="disk">The data directory.</param>
    /// <param name="clock">Gives retries their time.</param>
    /// <param name="logger">Told of what was cut, and of a disk that refuses.</param>
    /// <exception cref="FaultException">Corrupt, with file and byte. Unavailable: the disk refuses.</exception>
    public static DocumentStore Open(IDisk disk, TimeProvider clock, ILogger logger) => Open(disk, new DocumentOptions(), clock, logger);

    /// <summary>As the other one, with sizes of the caller's.</summary>
    internal static DocumentStore Open(IDisk disk, DocumentOptions options, TimeProvider clock, ILogger logger) =>
        new(new DocumentEnvironment(disk, options, clock, logger), threaded: true);

    /// <summary>As the others, but nothing is committed before <see cref="CommitNow"/> is called: every run of a test is the same.</summary>
    internal static DocumentStore OpenUnthreaded(IDisk disk, DocumentOptions options, TimeProvider clock, ILogger logger) =>
        new(new DocumentEnvironment(disk, options, clock, logger), threaded: false);

    /// <summary>Whether the disk takes what we write. For <c>/health/ready</c>.</summary>
    public StoreHealth Health => _writer.Health;

    public byte[]? Find(string collection, string key) => _state.Find(collection, key);

    public IReadOnlyList<KeyValuePair<string, byte[]>> List(string collection)
    {
        var documents = _state.List(collection);
        Array.Sort(documents, static (a, b) => string.CompareOrdinal(a.Key, b.Key));
        return documents;
    }

    public long Write(ReadOnlySpan<DocumentChange> changes, IWriteListener? listener)
    {
        var bytes = DocumentLimits.Check(changes);
        var number = _state.TryWrite(changes, bytes, listener);
        if (number > 0) return number;
        throw new FaultException(
            Fault.Unavailable, $"{_environment.Options.MaxPending} of documents wait for the disk already; try again. {_writer.Health.Message}".TrimEnd());
    }

    /// <summary>Writes what is pending and stops. Of what the disk still refuses nobody was told that it is safe; it is reported as lost.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_state.TryClose()) await _writer.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Writes what is pending, tells who waits for it, and takes a rewriting of the journal one step further.</summary>
    internal void CommitNow() => _writer.RunOnce();
}
