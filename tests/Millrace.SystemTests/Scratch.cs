namespace Millrace.SystemTests;

/// <summary>Directories that tests leave nothing in.</summary>
public static class Scratch
{
    public static string Directory() => System.IO.Directory.CreateTempSubdirectory("millrace-test-").FullName;

    public static void Delete(string directory)
    {
        if (System.IO.Directory.Exists(directory)) System.IO.Directory.Delete(directory, recursive: true);
    }

    /// <summary>A file of the repository.</summary>
    public static string Repository(string path)
    {
        for (var at = AppContext.BaseDirectory; at is not null; at = Path.GetDirectoryName(at.TrimEnd('/')))
            if (File.Exists(Path.Combine(at, "Millrace.slnx"))) return Path.Combine(at, path);
        throw new InvalidOperationException($"no repository above {AppContext.BaseDirectory}");
    }
}
