using System.Text;
using Millrace.Contracts;
using Millrace.Flows.Enriching;

namespace Millrace.Server.Reference;

/// <summary>One file by one column, looked at for changes about every second while somebody asks.</summary>
internal sealed partial class ReferenceTable(string file, string key, IReferenceFiles files, TimeProvider clock, ILogger logger) : IReferenceTable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private volatile Dictionary<string, byte[]>? _rows;
    private FileStamp? _stamp;
    private long _lookedAt;
    private bool _looked;

    /// <summary>What is wrong with the file as it is now; null where nothing is.</summary>
    public string? Problem { get; private set; }

    public bool HasRows => _rows is not null;

    public byte[]? Find(ReadOnlySpan<byte> key)
    {
        Look();
        var rows = _rows ?? throw new FaultException(Fault.Unavailable, $"there is no table yet to look things up in: {Problem}");
        Span<char> text = stackalloc char[1024];
        return Encoding.UTF8.TryGetChars(key, text, out var length) && rows.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text[..length], out var row) ? row : null;
    }

    private void Look()
    {
        if (_looked && clock.GetElapsedTime(Volatile.Read(ref _lookedAt)) < LookEvery) return;

        // One looks, the others go on with the rows there are; only at first do all wait for them.
        if (_rows is not null)
        {
            if (!_gate.TryEnter()) return;
        }
        else
        {
            _gate.Enter();
        }

        try
        {
            if (_looked && clock.GetElapsedTime(_lookedAt) < LookEvery) return;
            Volatile.Write(ref _lookedAt, clock.GetTimestamp());
            _looked = true;
            Reload();
        }
        finally
        {
            _gate.Exit();
        }
    }

    private void Reload()
    {
        try
        {
            var stamp = files.Stat(file);
            if (stamp is null)
            {
                Note("it is not there");
                return;
            }

            if (stamp == _stamp) return;
            var rows = ReferenceRows.Read(file, files.Read(file), key);

            // Written to while it was read: what was read may be half of each, and the next look reads it again.
            if (files.Stat(file) != stamp) return;
            (_stamp, _rows) = (stamp, rows);
            Problem = null;
            LogRead(file, rows.Count);
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException or FormatException)
        {
            Note(broken.Message);
        }
    }

    /// <summary>Said once for each mistake.</summary>
    private void Note(string what)
    {
        var problem = $"the reference file {file} cannot be read: {what}";
        if (Problem == problem) return;
        Problem = problem;
        LogBroken(problem, _rows is null ? "what needs it waits" : "what it held before is used on");
    }

    [LoggerMessage(EventId = 340, Level = LogLevel.Information, Message = "The reference file {File} was read: {Rows} rows")]
    private partial void LogRead(string file, int rows);

    [LoggerMessage(EventId = 341, Level = LogLevel.Warning, Message = "{Problem}; {Consequence}")]
    private partial void LogBroken(string problem, string consequence);
}
