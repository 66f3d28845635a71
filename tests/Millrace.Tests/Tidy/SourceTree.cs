using System.Runtime.CompilerServices;

namespace Millrace.Tests.Tidy;

/// <summary>The files of the repository, as text.</summary>
internal static class SourceTree
{
    private static readonly string[] Made = ["bin", "obj", "node_modules", "wwwroot", "artifacts", ".git", "data"];

    public static string Root { get; } = FindRoot();

    /// <summary>Paths relative to the root, with <c>/</c>.</summary>
    public static IEnumerable<string> Files(string under, string ending)
    {
        var start = Path.Combine(Root, under);
        if (!Directory.Exists(start)) return [];
        return Directory.EnumerateFiles(start, "*" + ending, SearchOption.AllDirectories)
            .Select(static path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(static path => !path.Split('/').Any(Made.Contains))
            .Order(StringComparer.Ordinal);
    }

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static string FindRoot([CallerFilePath] string here = "")
    {
        for (var at = Path.GetDirectoryName(here); at is not null; at = Path.GetDirectoryName(at))
            if (File.Exists(Path.Combine(at, "Millrace.slnx"))) return at;
        throw new InvalidOperationException($"no Millrace.slnx above {here}");
    }
}
