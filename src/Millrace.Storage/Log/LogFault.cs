namespace Millrace.Storage.Log;

/// <summary>Something that <see cref="LogVerify"/> found.</summary>
/// <param name="Path">The file, or the directory.</param>
/// <param name="Position">The byte.</param>
/// <param name="What">What is wrong, and what to do.</param>
/// <param name="IsDamage">False: nothing that was acknowledged is lost by it, as with a write that a crash left unfinished.</param>
public sealed record LogFault(string Path, long Position, string What, bool IsDamage)
{
    public override string ToString() => $"{Path}, byte {Position}: {What}";
}
