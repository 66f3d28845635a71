using Millrace.Contracts;

namespace Millrace.Benchmarks.Stacks;

/// <summary>Where this benchmark was built: the nearest folder upwards that holds what is asked for.</summary>
internal static class SourceTree
{
    /// <exception cref="FaultException">It is nowhere above.</exception>
    public static string Find(string relativePath, string whatToDo)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, relativePath);
            if (Path.Exists(path)) return path;
        }

        throw new FaultException(Fault.Unavailable, $"There is no {relativePath} above {AppContext.BaseDirectory}. {whatToDo}");
    }
}
