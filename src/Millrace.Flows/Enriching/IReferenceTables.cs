namespace Millrace.Flows.Enriching;

/// <summary>Files that steps look things up in.</summary>
public interface IReferenceTables
{
    /// <summary>A table by its file, which need not be there yet.</summary>
    /// <param name="file">Below the directory of such files; checked.</param>
    /// <param name="key">The column that holds the keys.</param>
    IReferenceTable Open(string file, string key);
}
