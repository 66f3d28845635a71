using System.Text;

namespace Millrace.Storage.Files;

/// <summary>Tells a directory from another that was made later in its place: what is kept elsewhere then knows that it is about the old one.</summary>
public static class DirectoryId
{
    private const string Name = "id";

    /// <summary>The id that was given to the directory when it was first asked for.</summary>
    public static string Of(IDisk disk, string directory)
    {
        ArgumentNullException.ThrowIfNull(disk);
        var path = $"{directory}/{Name}";
        if (AtomicFile.Read(disk, path) is { Length: > 0 } known) return Encoding.ASCII.GetString(known);
        var id = Guid.NewGuid().ToString("N");
        AtomicFile.Write(disk, path, Encoding.ASCII.GetBytes(id));
        return id;
    }
}
