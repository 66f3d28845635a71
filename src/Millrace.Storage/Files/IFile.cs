namespace Millrace.Storage.Files;

/// <summary>An open file. One writer; any number of readers at the same time.</summary>
public interface IFile : IDisposable
{
    long Length { get; }

    /// <returns>The bytes read: fewer than asked for only at the end of the file.</returns>
    int Read(long at, Span<byte> into);

    void Write(long at, ReadOnlySpan<byte> bytes);

    /// <summary>Ends when all that was written would survive pulling the plug (fdatasync).</summary>
    void Sync();

    /// <summary>Cuts, or fills with zeros.</summary>
    void SetLength(long length);
}
