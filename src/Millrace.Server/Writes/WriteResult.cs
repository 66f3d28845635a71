namespace Millrace.Server.Writes;

/// <summary>What became of the records of one entry of the log of writes.</summary>
internal sealed record WriteResult
{
    /// <summary>Of a CSV: lines that were read, those in quotes too.</summary>
    public int Lines { get; init; }

    /// <summary>Records stored, those among them that were there already, equal.</summary>
    public long Stored { get; init; }

    /// <summary>Of those, how many are older than their table's memory retention.</summary>
    public long Magnetic { get; init; }

    public long Absorbed { get; init; }

    public long TimesCorrected { get; init; }

    public long Rejected { get; init; }

    /// <summary>The first of them, in order.</summary>
    public IReadOnlyList<RejectedRecord> First { get; init; } = [];

    /// <summary>Why nothing was stored at all; null where records were looked at.</summary>
    public string? Refused { get; init; }
}
