using System.Runtime.InteropServices;

namespace Millrace.Storage.DuckDb;

/// <summary>Memory outside the collector's reach, where texts stay until the chunk that points to them was appended.</summary>
internal sealed unsafe class TextArena : IDisposable
{
    private const int BlockSize = 1 << 16;

    private readonly List<(nint Memory, int Size)> _blocks = [];
    private int _block = -1;
    private int _used;

    ~TextArena() => Free();

    /// <summary>A copy that stays where it is until <see cref="Clear"/>.</summary>
    public ReadOnlySpan<byte> Keep(ReadOnlySpan<byte> text)
    {
        while (_block < 0 || _blocks[_block].Size - _used < text.Length)
        {
            _used = 0;
            if (++_block < _blocks.Count) continue;
            var size = Math.Max(BlockSize, text.Length);
            _blocks.Add(((nint)NativeMemory.Alloc((nuint)size), size));
        }

        var copy = new Span<byte>((byte*)_blocks[_block].Memory + _used, text.Length);
        text.CopyTo(copy);
        _used += text.Length;
        return copy;
    }

    public void Clear() => (_block, _used) = (-1, 0);

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        foreach (var (memory, _) in _blocks) NativeMemory.Free((void*)memory);
        _blocks.Clear();
        Clear();
    }
}
