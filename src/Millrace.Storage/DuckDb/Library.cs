using System.Reflection;
using System.Runtime.InteropServices;

namespace Millrace.Storage.DuckDb;

/// <summary>Finds the DuckDB library: beside the program, where publishing puts it, else in the cache that the build fills.</summary>
internal static class Library
{
    internal const string Name = "duckdb";

    private static int _registered;

    /// <summary>Before the first call into the library.</summary>
    internal static void Register()
    {
        if (Interlocked.Exchange(ref _registered, 1) == 0) NativeLibrary.SetDllImportResolver(typeof(Library).Assembly, Resolve);
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Name) return 0;
        string[] places = [Path.Combine(AppContext.BaseDirectory, FileName), Path.Combine(Cache(assembly), FileName)];
        foreach (var place in places)
            if (File.Exists(place)) return NativeLibrary.Load(place);
        throw new DllNotFoundException(
            $"the DuckDB library is neither at {places[0]} nor at {places[1]}; 'dotnet build' fetches it into the second place, 'dotnet publish' copies it to the first");
    }

    private static string FileName =>
        OperatingSystem.IsWindows() ? "duckdb.dll" : OperatingSystem.IsMacOS() ? "libduckdb.dylib" : "libduckdb.so";

    // The same place as in DuckDb.targets.
    private static string Cache(Assembly assembly)
    {
        var root = Environment.GetEnvironmentVariable("MILLRACE_CACHE") is { Length: > 0 } set
            ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "millrace");
        var version = assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(static data => data.Key == "DuckDbVersion").Value!;
        var os = OperatingSystem.IsWindows() ? "win32" : OperatingSystem.IsMacOS() ? "darwin" : "linux";
        var arch = RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant();
        return Path.Combine(root, "duckdb", version, $"{os}-{arch}");
    }
}
