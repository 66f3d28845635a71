namespace Millrace.Storage.Series.Outside;

/// <summary>A table whose rows are in files that others keep.</summary>
/// <param name="Schema">What stands before the dot.</param>
/// <param name="Name">What stands behind it.</param>
/// <param name="Problem">Why it cannot be read; null where nothing is known against it.</param>
internal sealed record OutsideTable(string Schema, string Name, string? Problem = null)
{
    public string FullName => $"{Schema}.{Name}";
}
