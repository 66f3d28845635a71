using Millrace.Contracts.Records;

namespace Millrace.Flows.Reading;

/// <summary>One frame of a log, decoded once for all lanes that are to see something of it.</summary>
/// <remarks>The reader's lock guards <see cref="Holders"/>; the records are only read once they are handed out.</remarks>
internal sealed class SharedFrame : IDisposable
{
    private const int LeastBytes = 64 * 1024;
    private const int BytesForEach = 128;

    public RecordBatch Messages { get; } = new();

    /// <summary>Where it begins.</summary>
    public long First => Messages[0].Offset;

    public long Through => Messages.Through;

    /// <summary>About what it keeps in memory.</summary>
    public long Bytes => Math.Max(LeastBytes, Messages.PayloadBytes + ((long)Messages.Count * BytesForEach));

    /// <summary>Lanes that have it in their queue or are carrying it.</summary>
    public int Holders { get; set; }

    public void Dispose() => Messages.Dispose();
}
