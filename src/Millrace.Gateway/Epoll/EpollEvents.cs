using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Millrace.Gateway.Epoll;

/// <summary>What epoll_wait filled in: an array of struct epoll_event.</summary>
//
//   x86-64, packed     at 0  events, 4 bytes     at 4  data, 8 bytes     12 in all
//   arm64              at 0  events, 4 bytes     at 8  data, 8 bytes     16 in all
internal readonly struct EpollEvents(int most)
{
    public const uint In = 1;
    public const uint Out = 4;
    public const uint Error = 8;
    public const uint HangUp = 0x10;
    public const uint FarEndClosed = 0x2000;
    public const uint EdgeTriggered = 1u << 31;

    private static readonly int DataAt = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    private readonly byte[] _bytes = GC.AllocateArray<byte>(most * Size, pinned: true);

    public static int Size { get; } = DataAt + 8;

    public int Most => most;

    public Span<byte> Bytes => _bytes;

    /// <returns>What is ready, and the key it was added with.</returns>
    public (uint Ready, ulong Key) this[int i] =>
        (BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(i * Size)), BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan((i * Size) + DataAt)));

    /// <summary>One event, for epoll_ctl.</summary>
    public static void Write(Span<byte> into, uint interest, ulong key)
    {
        into[..Size].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(into, interest);
        BinaryPrimitives.WriteUInt64LittleEndian(into[DataAt..], key);
    }
}
