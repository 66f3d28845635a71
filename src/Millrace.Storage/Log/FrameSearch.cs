using System.Buffers;
using Millrace.Storage.Files;

namespace Millrace.Storage.Log;

/// <summary>Finds frames where nobody knows whether there are any.</summary>
internal static class FrameSearch
{
    private const int Window = 1024 * 1024;

    /// <returns>Null where there is no whole frame with a fitting checksum.</returns>
    public static FrameHeader? ValidAt(IFile file, uint seed, long position, long length)
    {
        Span<byte> head = stackalloc byte[FrameHeader.Size];
        if (file.Read(position, head) != head.Length || !FrameHeader.TryRead(head, out var frame)) return null;
        if (position + frame.FrameSize > length) return null;
        var records = ArrayPool<byte>.Shared.Rent(frame.Length);
        try
        {
            var bytes = records.AsSpan(0, frame.Length);
            return file.Read(position + FrameHeader.Size, bytes) == frame.Length && FrameHeader.Matches(head, bytes, seed) ? frame : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(records);
        }
    }

    /// <summary>The first valid frame from a byte on whose header is the one that is looked for.</summary>
    public static (long Position, FrameHeader Frame)? Next(IFile file, uint seed, long from, long length, Func<FrameHeader, bool> wanted)
    {
        var window = ArrayPool<byte>.Shared.Rent(Window);
        Span<byte> head = stackalloc byte[FrameHeader.Size];
        try
        {
            for (var at = from; at + FrameHeader.Size <= length;)
            {
                var bytes = window.AsSpan(0, file.Read(at, window));
                var searched = 0;
                while (bytes[searched..].IndexOf(FrameHeader.Magic) is var found and >= 0)
                {
                    searched += found;
                    var place = at + searched++;
                    if (file.Read(place, head) != head.Length || !FrameHeader.TryRead(head, out var claimed) || !wanted(claimed)) continue;
                    if (ValidAt(file, seed, place, length) is { } frame) return (place, frame);
                }

                // The last bytes are looked at again: the magic may stand across the edge of the window.
                at += Math.Max(searched, bytes.Length - FrameHeader.Magic.Length + 1);
            }

            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(window);
        }
    }
}
