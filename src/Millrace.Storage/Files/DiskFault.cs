namespace Millrace.Storage.Files;

/// <summary>Something about a file that is not as it was written.</summary>
/// <param name="Text">Where (file and byte), what is wrong, what it means and what to do next.</param>
/// <param name="IsDamage">False: nothing that was acknowledged is lost by it, as with a write that a crash left unfinished.</param>
public sealed record DiskFault(string Text, bool IsDamage = true)
{
    public static DiskFault At(string path, long position, string what, bool isDamage = true) => new($"{path}, byte {position}: {what}", isDamage);
}
