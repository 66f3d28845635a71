namespace Millrace.Storage.Files;

/// <summary>The only door to our files. Paths are relative to the data directory, with <c>/</c> between their parts.</summary>
/// <remarks>
/// Nothing is safe until the file's <see cref="IFile.Sync"/> has returned, and no name (new, renamed, deleted) until its directory's
/// <see cref="SyncDirectory"/> has; directories themselves are safe as soon as they are made. A full or failing disk is an <see cref="IOException"/>. Any thread may call.
/// </remarks>
public interface IDisk
{
    /// <summary>Opens for reading and writing, and makes the file (and its directories) where there is none.</summary>
    IFile Open(string path);

    bool Exists(string path);

    /// <summary>Names (not paths) of files and directories in a directory, in ordinal order; empty where there is no such directory.</summary>
    IReadOnlyList<string> List(string directory);

    /// <summary>Replaces a file of that name.</summary>
    void Rename(string from, string to);

    void Delete(string path);

    void SyncDirectory(string directory);

    /// <summary>Bytes that can still be written.</summary>
    long FreeBytes { get; }
}
