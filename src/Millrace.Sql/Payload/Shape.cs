using System.Runtime.CompilerServices;

namespace Millrace.Sql.Payload;

/// <summary>What stood between the values of some JSON objects: for each member a few pieces, because not all devices send the same.</summary>
internal sealed class Shape
{
    // As many shapes of messages in turns cost no more than one.
    private const int Ways = 4;

    // Past these an object is not a device's usual message, and what is kept of it would only cost memory.
    private const int MaxMembers = 128;
    private const int MaxPieceLength = 256;

    private Piece?[] _pieces = [];
    private Piece? _unkept;
    private int _replaced;

    /// <summary>The piece of a member, if it stands here, or null.</summary>
    /// <param name="way">Which of the pieces the member before had: that of the same object, nearly always.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Piece? Find(int index, ReadOnlySpan<byte> here, int way)
    {
        var at = (index * Ways) + way;
        return (uint)at < (uint)_pieces.Length && _pieces[at] is { } piece && piece.Stands(here) ? piece : null;
    }

    /// <summary>Any piece of a member that stands here, or null.</summary>
    public Piece? FindAny(int index, ReadOnlySpan<byte> here, ref int way)
    {
        if ((uint)index >= (uint)(_pieces.Length / Ways)) return null;
        for (var i = 0; i < Ways; i++)
        {
            var other = (way + i) & (Ways - 1);
            if (_pieces[(index * Ways) + other] is not { } piece || !piece.Stands(here)) continue;
            way = other;
            return piece;
        }

        return null;
    }

    /// <summary>A piece to be filled in for a member that was not known.</summary>
    /// <param name="bytes">From the end of the value before to the value.</param>
    public Piece Learn(int index, ReadOnlySpan<byte> bytes, ref int way)
    {
        Piece piece;
        if (index >= MaxMembers || bytes.Length > MaxPieceLength)
            piece = _unkept ??= new Piece();
        else
        {
            var first = index * Ways;
            if (_pieces.Length < first + Ways) Array.Resize(ref _pieces, Math.Max(first + Ways, 2 * _pieces.Length));
            way = Array.IndexOf(_pieces, null, first, Ways) - first;
            if (way < 0) way = _replaced++ & (Ways - 1);
            piece = _pieces[first + way] ??= new Piece();
        }

        piece.SetBytes(bytes);
        return piece;
    }
}
