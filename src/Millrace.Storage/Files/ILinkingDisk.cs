namespace Millrace.Storage.Files;

/// <summary>A disk on which a file can have two names, and of which a whole directory can be removed.</summary>
public interface ILinkingDisk : IDisk
{
    /// <summary>Gives a file a second name; it stays as long as it has one of them. Directories are made.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">The file system has no hard links.</exception>
    void Link(string from, string to);

    /// <summary>Removes a directory with all that is in it; nothing where there is none.</summary>
    void DeleteTree(string directory);
}
