namespace Millrace.Storage.Series.Scans;

/// <summary>Where the rows of a <see cref="ScanUnit"/> are.</summary>
internal enum ScanUnitKind
{
    /// <summary>Blocks of a file.</summary>
    Blocks,

    /// <summary>Chunks of rows in memory.</summary>
    Chunks,

    /// <summary>Some series of those wanted, along their chains in memory.</summary>
    Chains,
}
