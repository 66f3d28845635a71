namespace Millrace.Storage.DuckDb;

/// <summary>Texts by number that many rows point to: number 0 is null, and others come one after the other. Any thread may point to those that are there.</summary>
internal sealed class TextDictionary
{
    private const int NullNumber = 0;

    private readonly OutputVector.TextPlaces _texts;

    /// <param name="capacity">Texts it has room for, the null one too.</param>
    public TextDictionary(int capacity)
    {
        Capacity = capacity;
        Vector = new OwnedVector(ColumnType.Varchar, capacity);
        _texts = Vector.Texts();
        Vector.SetNull(NullNumber);
    }

    /// <summary>Texts there are, the null one too.</summary>
    public int Count { get; private set; } = 1;

    public int Capacity { get; }

    internal OwnedVector Vector { get; }

    /// <summary>Gives the next number to a text. One thread at a time.</summary>
    /// <param name="utf8">Valid UTF-8.</param>
    public void Add(ReadOnlySpan<byte> utf8)
    {
        _texts.Set(Count, utf8);
        Count++;
    }
}
