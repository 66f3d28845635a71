namespace Millrace.Server.Cli;

/// <summary>Files that verbs write.</summary>
internal static class OutputFile
{
    /// <param name="path">Its directories are made.</param>
    /// <param name="text">Replaces what the file had.</param>
    /// <param name="isSecret">Only its owner may read it, from its first byte on.</param>
    public static void Write(string path, string text, bool isSecret)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } directory) Directory.CreateDirectory(directory);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (isSecret && !OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var writer = new StreamWriter(path, options);
        writer.Write(text);
    }
}
