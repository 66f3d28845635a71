namespace Millrace.Sql.History;

/// <summary>A query in the engine's words, and the way back from its positions to the user's own text.</summary>
public sealed class RewrittenSql
{
    // In the order of Text. Copied pieces keep their characters; a written one stands for all it replaced.
    private readonly List<Piece> _pieces;

    internal RewrittenSql(string text, List<Piece> pieces)
    {
        Text = text;
        _pieces = pieces;
    }

    /// <summary>The query for the engine.</summary>
    public string Text { get; }

    /// <summary>Where in the user's text the character at <paramref name="position"/> of <see cref="Text"/> comes from.</summary>
    public int OriginalPosition(int position)
    {
        if (_pieces.Count == 0) return 0;
        position = Math.Clamp(position, 0, Text.Length);
        var piece = _pieces.FindLast(p => p.At <= position);
        return piece.Copied ? piece.From + position - piece.At : position == Text.Length ? piece.End : piece.From;
    }

    /// <param name="At">Where it begins in the new text.</param>
    /// <param name="From">Where what it comes from begins in the user's text.</param>
    /// <param name="End">Where that ends.</param>
    /// <param name="Copied">Whether it is unchanged.</param>
    internal readonly record struct Piece(int At, int From, int End, bool Copied);
}
