namespace Millrace.Storage.Files;

/// <summary>All files below a directory.</summary>
public static class DiskTree
{
    private const int Deepest = 64;

    /// <summary>Paths, a directory's files before those of the directories in it.</summary>
    /// <exception cref="IOException">A directory cannot be listed, or is too deep to be one of ours.</exception>
    public static IEnumerable<string> Files(IDisk disk, string directory) => Files(disk, directory, 0);

    private static IEnumerable<string> Files(IDisk disk, string directory, int depth)
    {
        if (depth == Deepest) throw new IOException($"{directory} is {Deepest} directories deep, deeper than any that Millrace makes; move it away");
        var below = new List<string>();
        foreach (var name in disk.List(directory))
        {
            var path = directory.Length == 0 ? name : $"{directory}/{name}";
            if (disk.Exists(path)) yield return path;
            else below.Add(path);
        }

        foreach (var path in below)
            foreach (var file in Files(disk, path, depth + 1)) yield return file;
    }
}
