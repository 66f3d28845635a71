namespace Millrace.Storage.Series;

/// <summary>How the store's memory is divided: half for the query engine; what is left of the other half beside the dictionaries for rows on their way to files.</summary>
internal sealed class SeriesBudget(SeriesOptions options)
{
    /// <summary>As configured, else a quarter of what the machine, or the container, has.</summary>
    public long Total { get; } = options.MemoryLimit?.Bytes ?? (GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4);

    /// <summary>What DuckDB may take.</summary>
    public long Engine => Total / 2;

    /// <summary>Memory of series, their names, and indexes of files, as last measured. Under the store's lock.</summary>
    public long Dictionaries { get; set; }

    /// <summary>Bytes of rows that nobody may add to. At least an eighth of all: millions of series make moves frequent, and do not end them.</summary>
    public long RowBytes => Math.Min(options.MoveBytes.Bytes * options.MaxHotFactor, Math.Max(Total / 8, (Total / 2) - Dictionaries));

    /// <summary>Bytes of rows at which they are moved to files: while these are written as many again may come, and there is room for a delay.</summary>
    public long MoveBytes => Math.Min(options.MoveBytes.Bytes, RowBytes / 4);
}
