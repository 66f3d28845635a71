using Millrace.Storage.Files;

namespace Millrace.Storage.Documents;

/// <summary>An open journal that frames are appended to. Writer thread only.</summary>
/// <param name="file">The caller's no more.</param>
/// <param name="header">What it begins with.</param>
/// <param name="seed">The CRC of the header.</param>
/// <param name="end">Where the next frame goes.</param>
internal sealed class JournalFile(IFile file, JournalHeader header, uint seed, long end) : IDisposable
{
    private bool _torn;

    public int Generation => header.Generation;

    public long End { get; private set; } = end;

    /// <summary>False: what it holds is anybody's guess, and nothing may be written to it any more.</summary>
    public bool Trusted { get; private set; } = true;

    /// <summary>A file with nothing but its header.</summary>
    public static JournalFile Create(IDisk disk, string path, JournalHeader header)
    {
        var file = disk.Open(path);
        try
        {
            Span<byte> bytes = stackalloc byte[JournalHeader.Size];
            var seed = header.Write(bytes);
            file.SetLength(0);
            file.Write(0, bytes);
            return new JournalFile(file, header, seed, JournalHeader.Size);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Puts a frame behind the last one. May be called again where it throws.</summary>
    public void Write(JournalFrame frame)
    {
        if (_torn) file.SetLength(End);
        _torn = true;
        var bytes = frame.Seal(seed, End);
        file.Write(End, bytes);
        _torn = false;
        End += bytes.Length;
    }

    public void Sync()
    {
        try
        {
            file.Sync();
        }
        catch
        {
            // The kernel may have dropped the pages it could not write and call them clean: a second fsync of the same file would prove nothing.
            Trusted = false;
            throw;
        }
    }

    /// <summary>Another one may have taken its name.</summary>
    public void Distrust() => Trusted = false;

    public void Dispose() => file.Dispose();
}
