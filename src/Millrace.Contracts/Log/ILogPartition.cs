using Millrace.Contracts.Records;

namespace Millrace.Contracts.Log;

/// <summary>An ordered, durable sequence of records. Any number of threads may append and read.</summary>
public interface ILogPartition
{
    /// <summary>From 0, within its log.</summary>
    int Index { get; }

    /// <summary>The oldest record that is still kept.</summary>
    long Start { get; }

    /// <summary>After the newest committed record: where the next one will stand once all that waits is written.</summary>
    long End { get; }

    /// <summary>After the newest record that was taken, committed or not.</summary>
    long Next => End;

    /// <summary>Copies the record into what will be written next. It is not safe before the commit of the returned number.</summary>
    /// <param name="record">Offset and arrival are given by the log.</param>
    /// <param name="listener">Told once when that commit is done, however many records it appended for it; null to ask for nothing.</param>
    /// <param name="offset">Where the record will stand once it is committed; undefined where 0 is returned.</param>
    /// <returns>
    /// The number of the commit, from 1; or 0 where the buffer is full because the disk is slow or refuses: await
    /// <see cref="WaitForRoomAsync"/> and try again.
    /// </returns>
    /// <exception cref="FaultException">The record is larger than the log takes (Refused), or the log is closed (Unavailable).</exception>
    long TryAppend(in Record record, ICommitListener? listener, out long offset);

    /// <summary>Ends when there may be room again.</summary>
    ValueTask WaitForRoomAsync(CancellationToken stop);

    /// <summary>
    /// Adds the records of one frame (what one commit wrote) from <paramref name="offset"/> on and sets
    /// <see cref="RecordBatch.Through"/>. Frames are the same for every reader and every time.
    /// </summary>
    /// <returns>False where nothing is committed at the offset yet. An offset before <see cref="Start"/> reads from there.</returns>
    /// <exception cref="FaultException">Corrupt, with file and byte, where the checksum does not fit.</exception>
    bool TryRead(long offset, RecordBatch into);

    /// <summary>Ends when <see cref="End"/> is past <paramref name="offset"/>.</summary>
    ValueTask WaitForRecordsAsync(long offset, CancellationToken stop);

    /// <summary>The first record that arrived at or after a time, in nanoseconds since 1970; <see cref="End"/> where there is none.</summary>
    long OffsetAt(long arrivalNs);
}
