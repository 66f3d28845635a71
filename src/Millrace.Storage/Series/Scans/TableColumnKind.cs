namespace Millrace.Storage.Series.Scans;

/// <summary>Where the values of a <see cref="TableColumn"/> come from.</summary>
internal enum TableColumnKind
{
    /// <summary>Nobody looks at them.</summary>
    Nothing,

    /// <summary>A dimension or the measure name: one value for all rows of a series.</summary>
    OfSeries,
    Time,
    Stored,
}
